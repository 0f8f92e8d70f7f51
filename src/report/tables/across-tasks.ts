import {interquartileMean, probabilityOfImprovement} from '../../math/aggregates.ts';
import {replicability} from '../../math/replicability.ts';
import {stratifiedInterval} from '../../math/stratified-bootstrap.ts';
import {compare, pairsOf, type Comparison} from '../comparisons.ts';
import type {ReportData} from '../data.ts';
import {fixed, plural} from '../format.ts';
import type {Results} from '../results.ts';
import {smallestSeen} from '../smallest-seen.ts';
import {defineTable, type Worded} from '../table.ts';

interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

const worded = ({estimate, low, high}: Interval, digits: number): Worded => ({
  value: estimate,
  text: `${fixed(estimate, digits)} [${fixed(low, digits)}, ${fixed(high, digits)}]`,
  parts: {low, high},
});

const points = (runs: readonly number[]): number[] => runs.map(value => 100 * value);

/** Pairs that were compared on two tasks or more, each with several runs a side: less is no sum over tasks. */
const pairs = (results: Results) =>
  pairsOf(results).flatMap(({a, b}) => {
    const all = compare(results, a, b).filter(c => Math.min(c.a.values.length, c.b.values.length) > 1);
    return all.length > 1 ? [{a, b, all}] : [];
  });

const higherBy = (c: Comparison): number => (c.rank && c.rank.a12 > 0.5 ? c.rank.p : 1);

const rowsOf = (results: Results) =>
  pairs(results).map(({a, b, all}) => {
    const [x, y] = [all.map(c => points(c.a.values)), all.map(c => points(c.b.values))];
    const seed = `across ${a} ${b}`;
    const {count} = replicability(all.map(higherBy));
    const fewest = Math.min(...all.flatMap(c => [c.a.values.length, c.b.values.length]));
    const reach = smallestSeen(fewest, fewest);
    return {
      pair: `${a} − ${b}`,
      tasks: all.length,
      improvement: worded(
        stratifiedInterval([x, y], (s, t) => probabilityOfImprovement(s, t), {seed}),
        2,
      ),
      first: worded(
        stratifiedInterval([x], s => interquartileMean(s), {seed}),
        1,
      ),
      second: worded(
        stratifiedInterval([y], t => interquartileMean(t), {seed}),
        1,
      ),
      better: `${count} of ${all.length}`,
      reach: Number.isFinite(reach) ? {value: reach, text: fixed(reach, 1)} : 'none',
    };
  });

type Row = ReturnType<typeof rowsOf>[number];

export default defineTable<ReportData, Row>({
  title: 'Across tasks',
  pictures: ['performance-profile'],
  columns: [
    {key: 'pair', title: 'Arms'},
    {key: 'tasks', title: 'Tasks', align: 'right'},
    {key: 'improvement', title: 'Probability of improvement', align: 'right'},
    {key: 'first', title: 'Interquartile mean, first', align: 'right'},
    {key: 'second', title: 'second', align: 'right'},
    {key: 'better', title: 'Better on', align: 'right'},
    {key: 'reach', title: 'Seen difference', align: 'right'},
  ],
  rows: ({results}) => rowsOf(results),
  legend: ({results}) => {
    const few = Math.min(
      ...pairs(results).flatMap(({all}) => all.map(c => Math.min(c.a.values.length, c.b.values.length))),
    );
    return [
      'Probability of improvement: how often a run of the first arm beats one of the second on a task drawn at random, ties counting half. Interquartile mean: of the middle half of all runs on all tasks, × 100 (both as Agarwal et al., 2021).',
      `In brackets 95 % intervals by the bootstrap of runs within each task${few < 10 ? `, which are too narrow for as few as ${plural(few, 'seed')}` : ''}.`,
      'Better on: the number of tasks of which it can be said at 95 % that the first arm is better on so many (Dror et al., 2017; exact Mann-Whitney, Bonferroni).',
      'Seen difference: the shift in standard deviations over seeds that the rank test of one task finds in 80 % of cases; a smaller one may well be missed.',
    ];
  },
});
