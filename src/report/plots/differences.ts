import type {TopLevelSpec} from 'vega-lite';
import {axisText} from '../cells.ts';
import {compare, pairsOf, type Comparison} from '../comparisons.ts';
import {plural, signedPoints} from '../format.ts';
import {groupBy} from '../order.ts';
import type {Results} from '../results.ts';
import {gfm} from '../table.ts';
import {config, fullWidth} from './style.ts';

export interface Difference {
  readonly pair: string;
  readonly task: string;
  /** In points. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly excludesZero: boolean;
}

/** The axis is said only where it tells two rows apart: the same words at every row take the plot's room. */
const nameTasks = (all: readonly Comparison[]): ((c: Comparison) => string) => {
  const isShared = new Set(all.map(({a}) => axisText(a.axis))).size === 1;
  return ({a}) => [a.task, isShared ? '' : axisText(a.axis)].filter(Boolean).join(', ');
};

/** Each tested pair on each task that has an interval of the difference. */
export const differencesOf = (results: Results): Difference[] => {
  const pairs = pairsOf(results).map(({a, b}) => ({a, b, all: compare(results, a, b)}));
  const taskOf = nameTasks(pairs.flatMap(pair => pair.all));
  return pairs.flatMap(({a, b, all}) =>
    all.flatMap(c => {
      const interval = c.tests.find(t => t.interval)?.interval;
      if (!interval) return [];
      const [low, high] = [100 * interval[0], 100 * interval[1]];
      const excludesZero = low > 0 || high < 0;
      return [{pair: `${a} − ${b}`, task: taskOf(c), difference: 100 * c.difference, low, high, excludesZero}];
    }),
  );
};

/** The zone's colours differ in lightness too, and hollow points say the same without any colour. */
const colours = {domain: ['yes', 'no'], range: ['#0072b2', '#6e7781']};

/**
 * A panel a pair of arms: the difference on each task with its interval, and the line of no difference. Pairs that were
 * compared on one task alone share a panel, a row each: one of their own would be as high as those of many tasks, and empty.
 */
export const differences = (results: Results): TopLevelSpec | null => {
  const all = differencesOf(results);
  if (all.length === 0) return null;
  const byPair = [...groupBy(all, d => d.pair)];
  const [alone, several] = [true, false].map(one => byPair.filter(([, own]) => (own.length === 1) === one));
  const tasks = unique(several!.flatMap(([, own]) => own.map(d => d.task)));
  const ofTask = [
    ...groupBy(
      alone!.flatMap(([, own]) => own),
      d => d.task,
    ),
  ];
  const parts = [
    panels(several!.map(([title, own]) => ({title, names: tasks, own: own.map(d => ({...d, name: d.task}))}))),
    ...ofTask.map(([title, own]) => panels([{title, names: own.map(d => d.pair), own: own.map(d => ({...d, name: d.pair}))}])), // prettier-ignore
  ].flat();
  return {config, spacing: 16, ...(parts.length === 1 ? parts[0]! : {vconcat: parts})};
};

const unique = (names: readonly string[]): string[] => [...new Set(names)];

interface Panel {
  readonly title: string;
  /** Of the rows, those of other panels beside it included. */
  readonly names: readonly string[];
  readonly own: readonly (Difference & {readonly name: string})[];
}

/** Side by side, as wide as a page together: nothing for no panels. */
const panels = (all: readonly Panel[]) => {
  if (all.length === 0) return [];
  const columns = Math.min(all.length, all.length % 2 === 0 && all.length > 3 ? 2 : 3);
  // Vega guesses a letter to be wider than it is: names are cut well before they take the room that the limit gives them.
  const labelLimit = columns === 1 ? 420 : 200;
  const names = Math.min(labelLimit, 7 * Math.max(...all.flatMap(one => one.names.map(name => name.length))));
  const width = Math.max(120, Math.round((fullWidth - names) / columns) - 40);
  return [
    {
      columns,
      spacing: 16,
      concat: all.map((one, i) => panel(one, {width, labelLimit: i % columns === 0 ? labelLimit : null})),
    },
  ];
};

const panel = (
  {title, names, own}: Panel,
  {width, labelLimit}: {readonly width: number; readonly labelLimit: number | null},
) => {
  const values = own.map(d => ({...d, sure: d.excludesZero ? 'yes' : 'no'}));
  const y = {
    field: 'name',
    type: 'nominal' as const,
    title: null,
    scale: {domain: [...names]},
    // The rows of panels side by side are the same: the first names them for all.
    axis: labelLimit === null ? {labels: false, ticks: false} : {labelLimit},
  };
  const x = {type: 'quantitative' as const, title: 'Difference × 100', axis: {tickCount: 5}, scale: {padding: 10}};
  const color = {field: 'sure', type: 'nominal' as const, scale: colours, legend: null};
  return {
    title,
    width,
    height: 22 * names.length,
    layer: [
      {
        data: {values: [{zero: 0}]},
        mark: {type: 'rule' as const, color: '#57606a', strokeDash: [4, 4]},
        encoding: {x: {...x, field: 'zero'}},
      },
      {
        data: {values},
        mark: {type: 'rule' as const, strokeWidth: 2},
        encoding: {y, color, x: {...x, field: 'low'}, x2: {field: 'high'}},
      },
      {
        data: {values: values.filter(v => v.excludesZero)},
        mark: {type: 'point' as const, filled: true, opacity: 1, size: 60},
        encoding: {y, color, x: {...x, field: 'difference'}},
      },
      {
        data: {values: values.filter(v => !v.excludesZero)},
        mark: {
          type: 'point' as const,
          filled: true,
          opacity: 1,
          size: 60,
          fill: '#ffffff',
          stroke: '#6e7781',
          strokeWidth: 1.5,
        },
        encoding: {y, x: {...x, field: 'difference'}},
      },
    ],
  };
};

export const differenceNumbers = (results: Results): string =>
  gfm(
    ['Arms', 'Task', 'Difference', 'Interval', 'Excludes 0'],
    differencesOf(results).map(d => [
      d.pair,
      d.task,
      signedPoints(d.difference / 100),
      `${signedPoints(d.low / 100)} … ${signedPoints(d.high / 100)}`,
      d.excludesZero ? 'yes' : 'no',
    ]),
    ['left', 'left', 'right', 'right', 'left'],
  );

export const differencesAlt = (results: Results): string => {
  const all = differencesOf(results);
  const sure = all.filter(d => d.excludesZero).length;
  return `Differences of medians with 95 % intervals by task, for ${plural(new Set(all.map(d => d.pair)).size, 'pair')} of arms: ${sure} of ${plural(all.length, 'interval')} exclude zero`;
};
