import {compareRuns} from '../../math/compare-runs.ts';
import {holm} from '../../math/correction.ts';
import {median} from '../../math/descriptive.ts';
import {axisText, deviation, type Cell} from '../cells.ts';
import {compare, type Comparison} from '../comparisons.ts';
import type {ReportData} from '../data.ts';
import {plural, points, probability, signedPoints} from '../format.ts';
import type {Results} from '../results.ts';
import {defineTable, type Worded} from '../table.ts';

/** Tasks of text pairs, which the announcement calls semantic matching; all others count as classification. */
const matching = /^(mrpc|qqp|sts-?b.*|mnli.*|qnli|rte|wnli|entail|sim|afqmc|lcqmc|bq|paws.*|ocnli|cmnli)$/;

const wording = (cell: Cell): Worded => {
  const spread = deviation(cell.values);
  return {
    value: 100 * median(cell.values),
    text: `${points(median(cell.values))}${spread === null ? '' : ` ± ${points(spread)}`}`,
    parts: {spread: spread === null ? null : 100 * spread, n: cell.values.length},
  };
};

const count = ({a}: Comparison): number => (a.axis.labels === 'all' ? Infinity : Number(a.axis.labels ?? NaN));

/** The headline's two arms on every task and number of labels; exact Mann-Whitney, Holm over these rows. */
const rowsOf = (results: Results) => {
  const {headline} = results;
  if (!headline) return [];
  const all = compare(results, headline.a, headline.b)
    .filter(c => 'labels' in c.a.axis)
    .toSorted((x, y) => (x.a.task === y.a.task ? count(x) - count(y) : 0));
  const tested = all.filter(c => c.rank !== null);
  const adjusted = holm(tested.map(c => c.rank!.p));
  return all.map(c => {
    const p = adjusted[tested.indexOf(c)];
    const [test] = compareRuns(
      c.a.values.map((value, i) => ({seed: i, value})),
      c.b.values.map((value, i) => ({seed: i, value})),
      {
        tests: ['mann-whitney'],
        null: 'recentred',
        resamples: 10_000,
        confidence: 0.95,
        seed: `labels ${c.a.task} ${axisText(c.a.axis)}`,
      },
    );
    const [low, high] = test?.interval ?? [];
    return {
      task: c.a.task,
      kind: matching.test(c.a.task) ? 'matching' : 'classification',
      metric: c.a.metric,
      labels: c.a.axis.labels ?? '',
      axis: axisText(Object.fromEntries(Object.entries(c.a.axis).filter(([name]) => name !== 'labels'))),
      plain: wording(c.b),
      distilled: wording(c.a),
      difference: {
        value: 100 * c.difference,
        text: `${signedPoints(c.difference)}${low === undefined || high === undefined ? '' : ` [${signedPoints(low)}, ${signedPoints(high)}]`}`,
        parts: {low: low === undefined ? null : 100 * low, high: high === undefined ? null : 100 * high},
      },
      p: p === undefined ? null : {value: p, text: probability(p)},
      seeds: `${c.a.values.length}, ${c.b.values.length}`,
    };
  });
};

type Row = ReturnType<typeof rowsOf>[number];

export default defineTable<ReportData, Row>({
  title: "LTD-BERT's headline: few labels, against the same network without a teacher",
  rowKey: ['task', 'labels', 'axis'],
  pictures: ['label-curve'],
  columns: ({results}) => [
    {key: 'task', title: 'Task'},
    {key: 'kind', title: 'Kind'},
    {key: 'metric', title: 'Metric'},
    {key: 'labels', title: 'Labels', align: 'right'},
    ...(rowsOf(results).some(row => row.axis !== '') ? [{key: 'axis' as const, title: 'Axis'}] : []),
    {key: 'plain', title: results.headline?.b ?? 'plain', digits: 1, align: 'right'},
    {key: 'distilled', title: results.headline?.a ?? 'ltd', digits: 1, align: 'right'},
    {key: 'difference', title: 'Difference', digits: 1, align: 'right'},
    {key: 'p', title: 'p adjusted', align: 'right'},
    {key: 'seeds', title: 'Seeds', align: 'right'},
  ],
  rows: ({results}) => rowsOf(results),
  legend: ({results}) => {
    const tests = rowsOf(results).filter(row => row.p !== null).length;
    return [
      'Scores × 100: medians over seeds ± sample standard deviation; difference of medians with its 95 % interval by the bootstrap.',
      ...(tests > 0
        ? [`p: exact two-sided Mann-Whitney over seeds, after Holm over the ${plural(tests, 'row')} tested.`]
        : ['p: not tested, for lack of seeds.']),
      "The announcement's own results for this are pictures that could not be found.",
    ];
  },
});
