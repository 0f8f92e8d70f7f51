import type {ReportData} from '../data.ts';
import {plural} from '../format.ts';
import {pairByAxis} from '../pair-by-axis.ts';
import type {Results} from '../results.ts';
import {defineTable, type TableCell} from '../table.ts';

const arms = {a: 'lrc-bert', b: 'lrc-no-perturbation'};
const undisturbed = 'none';
const noises = [undisturbed, 'typos', 'drop', 'synonyms'];
const rankOf = (noise: string): number => (noises.includes(noise) ? noises.indexOf(noise) : noises.length);

const rowsOf = (results: Results) => {
  const pairs = pairByAxis(results, arms, 'noise', rankOf, undisturbed);
  const tasks = new Set(pairs.filter(({at}) => at !== undisturbed).map(({comparison: {a}}) => a.task));
  return pairs
    .filter(({comparison: {a}}) => tasks.has(a.task))
    .map(({comparison: {a}, at, axis, ...row}) => ({
      task: a.task,
      metric: a.metric,
      noise: at,
      axis,
      without: row.b,
      with: row.a,
      difference: row.difference,
      p: row.p,
      seeds: row.seeds,
    }));
};

type Row = Record<string, TableCell>;

/** The paper gives robustness as its reason for the perturbation and prints no such table. */
export default defineTable<ReportData, Row>({
  title: "LRC-BERT's gradient perturbation: scores on disturbed dev sets, with it and without",
  columns: ({results}) => [
    {key: 'task', title: 'Task'},
    {key: 'metric', title: 'Metric'},
    {key: 'noise', title: 'Disturbed by'},
    ...(rowsOf(results).some(row => row.axis !== '') ? [{key: 'axis', title: 'Axis'}] : []),
    {key: 'without', title: 'without', digits: 1, align: 'right'},
    {key: 'with', title: 'with', digits: 1, align: 'right'},
    {key: 'difference', title: 'Difference', digits: 1, align: 'right'},
    {key: 'p', title: 'p adjusted', align: 'right'},
    {key: 'seeds', title: 'Seeds', align: 'right'},
  ],
  rows: ({results}) => rowsOf(results),
  legend: ({results}) => {
    const rows = rowsOf(results);
    const tests = rows.filter(row => row.p !== null).length;
    if (rows.length === 0) return [];
    return [
      `Scores × 100 of \`${arms.a}\` and \`${arms.b}\`: medians over seeds ± sample standard deviation; difference of medians with its 95 % interval by the bootstrap.`,
      tests > 0
        ? `p: exact two-sided Mann-Whitney over seeds, after Holm over the ${plural(tests, 'row')} tested.`
        : 'p: not tested, for lack of seeds.',
    ];
  },
});
