import type {TopLevelSpec} from 'vega-lite';
import {median} from '../../math/descriptive.ts';
import {armsOf} from '../cells.ts';
import {thinned} from '../curves.ts';
import {fixed, thousands} from '../format.ts';
import {groupBy} from '../order.ts';
import {gfm} from '../table.ts';
import {lossLine, trainingPanels, type Training} from '../training-curves.ts';
import {lineLayers, lineRows} from './run-lines.ts';
import {config, fullWidth} from './style.ts';

/** Points of all lines of the picture: more of them are no picture for git. */
const budget = 6000;

/** Fewer points where there are many runs, but a line keeps its bend. */
export const pointsALine = (lines: number): number => Math.max(12, Math.min(40, Math.floor(budget / lines)));

/** Loss over the steps of training on a task's labels, a panel a task: thin lines seeds, thick ones medians. */
export const trainingCurve = (trainings: readonly Training[]): TopLevelSpec | null => {
  if (trainings.length === 0) return null;
  const arms = armsOf(trainings.map(t => t.arm));
  const panels = [...trainingPanels(trainings)];
  const columns = panels.length === 4 ? 2 : Math.min(3, panels.length);
  const width = Math.round(fullWidth / columns) - 90;
  return {
    config,
    columns,
    spacing: 16,
    concat: panels.map(([title, group]) => ({
      title,
      width,
      height: 180,
      layer: lineLayers(lineRows(group.map(lossLine), pointsALine(trainings.length)), arms, 'Loss'),
    })),
  };
};

const places = 5;

/** Medians over runs at a few places: enough to see a curve's shape. */
export const trainingNumbers = (trainings: readonly Training[]): string => {
  const rows = [...trainingPanels(trainings)].flatMap(([task, group]) =>
    armsOf(group.map(t => t.arm)).flatMap(arm => {
      const points = group.filter(t => t.arm === arm).flatMap(t => thinned(lossLine(t).points, places));
      return [...groupBy(points, point => String(point.step))].map(([step, all]) => {
        const loss = fixed(median(all.map(p => p.value)), 3);
        return [task, arm, thousands(Number(step)), loss, `${all.length}`];
      });
    }),
  );
  return gfm(['Task', 'Arm', 'Step', 'Loss', 'Runs'], rows, ['left', 'left', 'right', 'right', 'right']);
};
