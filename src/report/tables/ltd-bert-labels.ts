import {armsOf, axisText, cellsOf} from '../cells.ts';
import type {ReportData} from '../data.ts';
import {plural} from '../format.ts';
import {medianWording, pairByAxis} from '../pair-by-axis.ts';
import type {Results} from '../results.ts';
import {defineTable, type TableCell} from '../table.ts';

/** Tasks of text pairs, which the announcement calls semantic matching; all others count as classification. */
const matching = /^(mrpc|qqp|sts-?b.*|mnli.*|qnli|rte|wnli|entail|sim|afqmc|lcqmc|bq|paws.*|ocnli|cmnli)$/;

const rank = (labels: string): number => (labels === 'all' ? Infinity : Number(labels));

/** Arms beside the headline's two that have scores for some number of labels. */
const others = ({scores, headline}: Results): string[] =>
  armsOf(
    scores.flatMap(({arm, axis}) => ('labels' in axis && arm !== headline?.a && arm !== headline?.b ? [arm] : [])),
  );

const rowsOf = (results: Results) => {
  if (!results.headline) return [];
  const cells = cellsOf(results);
  return pairByAxis(results, results.headline, 'labels', rank).map(row => {
    const {task, metric, split, axis} = row.comparison.a;
    const beside = others(results).map(arm => {
      const cell = cells.find(
        c =>
          c.arm === arm &&
          c.task === task &&
          c.metric === metric &&
          c.split === split &&
          axisText(c.axis) === axisText(axis),
      );
      return [`arm:${arm}`, cell ? medianWording(cell) : null] as const;
    });
    return {
      task,
      kind: matching.test(task) ? 'matching' : 'classification',
      metric,
      labels: row.at,
      axis: row.axis,
      b: row.b,
      a: row.a,
      difference: row.difference,
      p: row.p,
      seeds: row.seeds,
      ...Object.fromEntries(beside),
    };
  });
};

type Row = Record<string, TableCell>;

export default defineTable<ReportData, Row>({
  title: "LTD-BERT's headline: few labels, against the same network without a teacher",
  pictures: ['label-curve'],
  columns: ({results}) => [
    {key: 'task', title: 'Task'},
    {key: 'kind', title: 'Kind'},
    {key: 'metric', title: 'Metric'},
    {key: 'labels', title: 'Labels', align: 'right'},
    ...(rowsOf(results).some(row => row.axis !== '') ? [{key: 'axis', title: 'Axis'}] : []),
    {key: 'b', title: results.headline?.b ?? 'plain', digits: 1, align: 'right'},
    {key: 'a', title: results.headline?.a ?? 'ltd', digits: 1, align: 'right'},
    {key: 'difference', title: 'Difference', digits: 1, align: 'right'},
    {key: 'p', title: 'p adjusted', align: 'right'},
    {key: 'seeds', title: 'Seeds', align: 'right'},
    ...others(results).map(arm => ({key: `arm:${arm}`, title: arm, digits: 1, align: 'right' as const})),
  ],
  rows: ({results}) => rowsOf(results),
  legend: ({results}) => {
    const tests = rowsOf(results).filter(row => row.p !== null).length;
    return [
      'Scores × 100: medians over seeds ± sample standard deviation; difference of medians with its 95 % interval by the bootstrap.',
      ...(tests > 0
        ? [`p: exact two-sided Mann-Whitney over seeds, after Holm over the ${plural(tests, 'row')} tested.`]
        : ['p: not tested, for lack of seeds.']),
      ...(others(results).length > 0 ? ['Columns after the seeds are for comparison and are not tested here.'] : []),
      "The announcement's own results for this are pictures that could not be found.",
    ];
  },
});
