import type {TopLevelSpec} from 'vega-lite';
import {median, quantileOfSorted} from '../../math/descriptive.ts';
import {armsOf, axisText, cellsOf, taskNames, type Cell} from '../cells.ts';
import {groupBy, groupsBySharing} from '../order.ts';
import type {Results} from '../results.ts';
import {armScale, config, fullWidth} from './style.ts';

/** Room that a panel takes beside the plot itself, and the names of arms beside the first panel of a row, in pixels. */
const margin = 42;
const namesOf = (arms: readonly string[]): number => 7 * Math.max(...arms.map(arm => arm.length));

/** Of a task with several metrics the one that was tested, else all of them: two scales do not belong into one panel. */
export const shownCells = (results: Results): Cell[] => {
  const tested = new Set(results.tests.map(t => `${t.task}\0${t.metric}`));
  const all = cellsOf(results);
  const tasks = groupBy(all, c => c.task);
  return all.filter(c => {
    const isTested = (other: Cell): boolean => tested.has(`${other.task}\0${other.metric}`);
    return isTested(c) || !tasks.get(c.task)!.some(isTested);
  });
};

/**
 * A panel a task and metric: every run as a dot, a bar from the first to the third quartile, a stroke at the median. Panels
 * that share no arm stand apart, so that none has rows without a run.
 */
export const seedsByArm = (results: Results): TopLevelSpec | null => {
  const cells = shownCells(results);
  if (cells.length === 0) return null;
  const nameOf = taskNames(cells);
  const panels = groupBy(cells, c => [nameOf(c), axisText(c.axis)].filter(Boolean).join(', '));
  // Panels of one picture share a scale of colours.
  const colors = armScale(armsOf(cells.map(c => c.arm)));
  const groups = groupsBySharing([...panels], ([, own]) => own.map(c => c.arm)).map(own => panelsTogether(own, colors));
  return groups.length === 1 ? {config, ...groups[0]!} : {config, vconcat: groups, spacing: 24};
};

type Colors = ReturnType<typeof armScale>;

const panelsTogether = (panels: readonly (readonly [string, readonly Cell[]])[], colors: Colors) => {
  const arms = armsOf(panels.flatMap(([, cells]) => cells.map(c => c.arm)));
  const columns = panels.length % 3 === 0 || panels.length > 4 ? 3 : Math.min(2, panels.length);
  const width = Math.max(120, Math.round((fullWidth - namesOf(arms)) / columns) - margin);
  const concat = panels.map(([title, cells], i) =>
    panel(title, cells, arms, {colors, width, isNamed: i % columns === 0}),
  );
  return {columns, spacing: 16, concat};
};

const sorted = (cell: Cell): number[] => cell.values.toSorted((a, b) => a - b);

const panel = (
  title: string,
  cells: readonly Cell[],
  arms: readonly string[],
  {colors, width, isNamed}: {readonly colors: Colors; readonly width: number; readonly isNamed: boolean},
) => {
  const runs = cells.flatMap(c => c.values.map(value => ({arm: c.arm, value: 100 * value})));
  const sums = cells.map(c => ({
    arm: c.arm,
    median: 100 * median(c.values),
    low: 100 * quantileOfSorted(sorted(c), 0.25),
    high: 100 * quantileOfSorted(sorted(c), 0.75),
  }));
  const y = {
    field: 'arm',
    type: 'nominal' as const,
    title: null,
    scale: {domain: [...arms]},
    // Panels side by side have the same rows: the first names them for all.
    axis: isNamed ? {labelLimit: 0} : {labels: false, ticks: false},
  };
  const color = {field: 'arm', type: 'nominal' as const, scale: colors, legend: null};
  const x = {
    type: 'quantitative' as const,
    title: `${cells[0]!.metric} × 100`,
    scale: {zero: false, padding: 6},
    axis: {tickCount: 5},
  };
  return {
    title,
    width,
    height: 22 * arms.length,
    layer: [
      {
        data: {values: sums},
        mark: {type: 'bar' as const, height: 9, opacity: 0.3},
        encoding: {y, color, x: {...x, field: 'low'}, x2: {field: 'high'}},
      },
      {
        data: {values: runs},
        mark: {type: 'circle' as const, size: 36, opacity: 0.65},
        encoding: {y, color, x: {...x, field: 'value'}},
      },
      {
        data: {values: sums},
        mark: {type: 'tick' as const, thickness: 2, height: 16},
        encoding: {y, color, x: {...x, field: 'median'}},
      },
    ],
  };
};
