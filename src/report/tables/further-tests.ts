import {almostStochasticOrder} from '../../math/stochastic-order.ts';
import {axisText} from '../cells.ts';
import {compare, examplesTest, pairsOf, type Comparison} from '../comparisons.ts';
import type {ReportData} from '../data.ts';
import {fixed, plural, points, probability} from '../format.ts';
import type {Results, Test} from '../results.ts';
import {smallestSeenScore} from '../smallest-seen.ts';
import {defineTable, type Column, type TableCell, type Worded} from '../table.ts';
import {correctionInWords, definitionOf, hypothesisInWords, strayWarnings, testInWords} from '../test-words.ts';

type Row = Record<string, TableCell>;

const titles: Readonly<Record<string, string>> = {
  'bootstrap-median': 'p bootstrap',
  'bootstrap-median-greater': 'p bootstrap, one-sided',
  'mann-whitney': 'p Mann-Whitney',
  wilcoxon: 'p Wilcoxon',
  mcnemar: 'p McNemar',
};

/** Pairs of which a side has several runs, or that were tested otherwise. */
const allOf = (results: Results): Comparison[] =>
  pairsOf(results)
    .flatMap(({a, b}) => compare(results, a, b))
    .filter(c => c.rank !== null || others(c).length > 0);

/** What the table of comparisons doesn't show after correction. */
const others = (c: Comparison): Test[] => c.tests.slice(1).filter(test => test !== examplesTest(c));

const cellOf = (test: Test | undefined): Worded | null => {
  if (!test || test.adjusted === null) return null;
  const {onlyFirst, onlySecond, adjusted} = test;
  const counts =
    typeof onlyFirst === 'number' && typeof onlySecond === 'number' ? ` (${onlyFirst} : ${onlySecond})` : '';
  return {value: adjusted, text: `${probability(adjusted)}${counts}`};
};

const seen = (value: number | null): TableCell =>
  value === null ? null : Number.isFinite(value) ? {value: 100 * value, text: points(value)} : 'none';

const orderOf = (c: Comparison, comparisons: number): Worded | null => {
  if (c.rank === null) return null;
  const seed = ['order', c.a.task, axisText(c.a.axis), c.a.arm, c.b.arm].join(' ');
  const {epsMin} = almostStochasticOrder(c.a.values, c.b.values, {comparisons, seed});
  return {value: epsMin, text: fixed(epsMin, 2)};
};

const kindsOf = (all: readonly Comparison[]): string[] =>
  Object.keys(titles).filter(kind => all.some(c => others(c).some(test => test.kind === kind)));

const rowsOf = (results: Results): Row[] => {
  const all = allOf(results);
  const tested = all.filter(c => c.rank !== null).length;
  return all.map(c => ({
    pair: `${c.a.arm} − ${c.b.arm}`,
    task: [`${c.a.task} (${c.a.metric})`, axisText(c.a.axis)].filter(Boolean).join(', '),
    ...Object.fromEntries(kindsOf(all).map(kind => [kind, cellOf(others(c).find(test => test.kind === kind))])),
    order: orderOf(c, tested),
    seen: seen(smallestSeenScore(c, 0.05)),
    seenAmongAll: seen(smallestSeenScore(c, 0.05 / tested)),
  }));
};

const legendOf = (results: Results): string[] => {
  const all = allOf(results);
  const shown = kindsOf(all).map(kind => all.flatMap(others).filter(test => test.kind === kind));
  const ranked = all.filter(c => c.rank !== null);
  const fewest = Math.min(...ranked.flatMap(c => [c.a.values.length, c.b.values.length]));
  return [
    ...shown.flatMap(([test]) =>
      test
        ? [
            `${titles[test.kind]}: ${testInWords(test)}${hypothesisInWords(test)}, ${correctionInWords(test, results)}.`,
            ...[definitionOf(test) ?? []].flat(),
          ]
        : [],
    ),
    ...(shown.some(tests => tests[0]?.kind === 'mcnemar')
      ? [
          'McNemar compares two trained models on these examples, and says nothing of other seeds: each arm stands with its run of median score, the lower of two middle ones, since the runs of an arm share the examples and cannot be counted as more of them. In brackets the examples that only the first has right, and only the second.',
        ]
      : []),
    ...strayWarnings(shown.flat()),
    ...(ranked.length > 0
      ? [
          `ε: almost stochastic order of the runs (Dror et al., 2019): below .5 the first arm is better, below .25 safely so, at 95 % over all ${plural(ranked.length, 'comparison')} (Bonferroni)${fewest < 10 ? `; its bound is an approximation for many runs, and with ${fewest} a side it is 0 or 1 wherever they do not overlap` : ''}.`,
          `Seen: the smallest difference × 100 that the exact Mann-Whitney test of so many seeds finds in 80 % of cases at p < .05, for normal scores with the spread of these; beside it at .05/${ranked.length}, where Holm begins; "none" where no difference, however large, could reach it. A difference that was not found may be as large.`,
        ]
      : []),
  ];
};

export default defineTable<ReportData, Row>({
  title: 'Further tests of the same comparisons, and what so few seeds could have shown',
  folded: true,
  columns: ({results}): Column<Row>[] => {
    const kinds = kindsOf(allOf(results)).map(key => ({key, title: titles[key]!, align: 'right' as const}));
    return [
      {key: 'pair', title: 'Arms'},
      {key: 'task', title: 'Task'},
      ...kinds,
      {key: 'order', title: 'ε', align: 'right'},
      {key: 'seen', title: 'Seen', align: 'right'},
      {key: 'seenAmongAll', title: 'Seen among all', align: 'right'},
    ];
  },
  rows: ({results}) => rowsOf(results),
  legend: ({results}) => legendOf(results),
});
