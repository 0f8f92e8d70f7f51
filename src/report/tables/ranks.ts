import {median} from '../../math/descriptive.ts';
import {friedman, nemenyi, type FriedmanResult, type NemenyiResult} from '../../math/friedman.ts';
import {armsOf, axisText, cellsOf, type Cell} from '../cells.ts';
import type {ReportData} from '../data.ts';
import {fixed, probability} from '../format.ts';
import {groupBy} from '../order.ts';
import type {Results} from '../results.ts';
import {defineTable, type Column, type TableCell} from '../table.ts';

type Row = Record<string, TableCell>;

/** Below these χ² is no approximation of Friedman's statistic, and fewer arms are a comparison of two. */
const [fewestTasks, fewestArms] = [5, 3];

interface Ranking {
  /** The axis values that all its cells share, and the split: tasks are blocks, label counts of one task are not. */
  readonly where: string;
  readonly arms: readonly string[];
  readonly tasks: number;
  readonly test: FriedmanResult;
  readonly pairs: NemenyiResult;
}

/** Of a task with several metrics the one that was tested, else the first. */
const onePerTask = (cells: readonly Cell[], results: Results): Cell[] => {
  const tested = new Set(results.tests.map(t => `${t.task}\0${t.metric}`));
  return [...groupBy(cells, c => c.task).values()].flatMap(own => {
    const metric = (own.find(c => tested.has(`${c.task}\0${c.metric}`)) ?? own[0])?.metric;
    return own.filter(c => c.metric === metric);
  });
};

const rankingsOf = (results: Results): Ranking[] =>
  [...groupBy(cellsOf(results), c => [c.split, axisText(c.axis)].filter(Boolean).join(', '))].flatMap(
    ([where, cells]) => {
      const tasks = [...groupBy(onePerTask(cells, results), c => c.task).values()];
      // An arm that has no scores on some task has no rank there.
      const arms = armsOf(cells.map(c => c.arm)).filter(arm => tasks.every(own => own.some(c => c.arm === arm)));
      if (tasks.length < fewestTasks || arms.length < fewestArms) return [];
      const scores = tasks.map(own => arms.map(arm => median(own.find(c => c.arm === arm)!.values)));
      return [{where, arms, tasks: tasks.length, test: friedman(scores), pairs: nemenyi(scores)}];
    },
  );

const rowsOf = (results: Results): Row[] =>
  rankingsOf(results).flatMap(({where, arms, pairs, test}) => {
    const against = results.headline ? arms.indexOf(results.headline.a) : -1;
    return arms
      .map((arm, at) => ({arm, at, rank: test.meanRanks[at]!}))
      .toSorted((x, y) => x.rank - y.rank)
      .map(({arm, at, rank}) => {
        const p = against < 0 || at === against ? undefined : pairs.p[against]?.[at];
        return {where, arm, rank, p: p === undefined ? null : {value: p, text: probability(p)}};
      });
  });

const legendOf = (results: Results): string[] => {
  const all = rankingsOf(results);
  if (all.length === 0) return [];
  return [
    'Mean rank over tasks by the medians over seeds, 1 for the best; spread over seeds has no part in it, and few tasks make these tests timid.',
    ...all.map(
      ({where, arms, tasks, test, pairs}) =>
        `${where}: Friedman's test of ${arms.length} arms over ${tasks} tasks: χ² = ${fixed(test.statistic, 1)}, p = ${probability(test.p)} (Iman and Davenport's F: p = ${probability(test.pOfF)}); mean ranks that are ${fixed(pairs.criticalDifference, 2)} or more apart differ at .05 (Nemenyi).`,
    ),
    ...(results.headline
      ? [`p: Nemenyi's test against \`${results.headline.a}\`, adjusted for all pairs of arms (Demšar, 2006).`]
      : []),
  ];
};

export default defineTable<ReportData, Row>({
  title: 'Ranks of all arms over tasks',
  folded: true,
  columns: ({results}): Column<Row>[] => [
    {key: 'where', title: 'On'},
    {key: 'arm', title: 'Arm'},
    {key: 'rank', title: 'Mean rank', digits: 1, align: 'right'},
    ...(results.headline ? [{key: 'p', title: `p against ${results.headline.a}`, align: 'right' as const}] : []),
  ],
  rows: ({results}) => rowsOf(results),
  legend: ({results}) => legendOf(results),
});
