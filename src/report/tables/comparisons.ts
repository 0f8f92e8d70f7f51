import {a12Interval} from '../../math/effect-interval.ts';
import {axisText} from '../cells.ts';
import {fewestSeeds} from '../../math/trusted-runs.ts';
import {compare, examplesTest, pairsOf, type Comparison} from '../comparisons.ts';
import type {ReportData} from '../data.ts';
import {fixed, probability, signed, signedPoints} from '../format.ts';
import type {Results, Test} from '../results.ts';
import {defineTable, type Column, type Worded} from '../table.ts';
import {correctionInWords, definitionOf, hypothesisInWords, strayWarnings, testInWords} from '../test-words.ts';

/** Negligible below .147, small below .33, medium below .474, else large (Romano et al., 2006). */
const magnitude = (delta: number): string => {
  const size = Math.abs(delta);
  return size < 0.147 ? 'negligible' : size < 0.33 ? 'small' : size < 0.474 ? 'medium' : 'large';
};

const worded = (value: number | null | undefined, text: (value: number) => string): Worded | null =>
  value === null || value === undefined ? null : {value, text: text(value)};

const intervalOf = (test: Test | undefined): string | null =>
  test?.interval ? `${signedPoints(test.interval[0])} … ${signedPoints(test.interval[1])}` : null;

const allOf = (results: Results): Comparison[] => pairsOf(results).flatMap(({a, b}) => compare(results, a, b));

const ranOnce = ({n}: Test): boolean => Math.max(...n) === 1;

/** Of arms that ran once too: it then resamples examples alone, which decides nothing of another training. */
const shownExamplesTest = (c: Comparison): Test | undefined =>
  examplesTest(c) ?? c.untrusted.find(test => test.kind === 'seeds-and-examples' && ranOnce(test));

const rowOf = (c: Comparison) => ({
  pair: `${c.a.arm} − ${c.b.arm}`,
  task: [`${c.a.task} (${c.a.metric})`, axisText(c.a.axis)].filter(Boolean).join(', '),
  difference: {value: 100 * c.difference, text: signedPoints(c.difference)},
  interval: intervalOf(c.tests.find(t => t.interval)),
  adjusted: worded(c.tests[0]?.adjusted, probability),
  wholeInterval: intervalOf(shownExamplesTest(c)),
  wholeAdjusted: worded(shownExamplesTest(c)?.adjusted, probability),
  a12: c.rank && effect(c),
  delta: worded(c.rank && 2 * c.rank.a12 - 1, d => `${signed(d, 2)} ${magnitude(d)}`),
  rank: worded(c.rank?.p, probability),
  smallest: worded(c.rank?.smallest, probability),
  n: `${c.a.values.length}, ${c.b.values.length}`,
});

/** A12 with its interval (Newcombe): separated seeds are not certainty. */
const effect = ({a, b}: Comparison): Worded => {
  const {estimate, low, high} = a12Interval(a.values, b.values);
  return {value: estimate, text: `${fixed(estimate, 2)} [${fixed(low, 2)}, ${fixed(high, 2)}]`, parts: {low, high}};
};

type Row = ReturnType<typeof rowOf>;

const columnsOf = (results: Results): Column<Row>[] => {
  const all = allOf(results);
  const right = {align: 'right' as const};
  const isApart = all.some(c => shownExamplesTest(c) && shownExamplesTest(c) !== c.tests[0]);
  return [
    {key: 'pair', title: 'Arms'},
    {key: 'task', title: 'Task'},
    {key: 'difference', title: 'Difference', ...right},
    {key: 'interval', title: 'Interval', ...right},
    {key: 'adjusted', title: 'p adjusted', ...right},
    ...(isApart
      ? ([
          {key: 'wholeInterval', title: 'Interval, with examples', ...right},
          {key: 'wholeAdjusted', title: 'p adjusted, with examples', ...right},
        ] as const)
      : []),
    {key: 'a12', title: 'A12', ...right},
    {key: 'delta', title: "Cliff's δ", ...right},
    {key: 'rank', title: 'p rank', ...right},
    {key: 'smallest', title: 'smallest', ...right},
    {key: 'n', title: 'Seeds', ...right},
  ];
};

const asRankTest = ({a, b}: Comparison) => ({
  kind: 'mann-whitney',
  n: [a.values.length, b.values.length],
});

const legendOf = (results: Results): string[] => {
  const all = allOf(results);
  if (all.length === 0) return [];
  const kinds = (tests: readonly Test[]): Test[] => [...new Map(tests.map(t => [t.kind, t])).values()];
  const deciding = kinds(all.flatMap(c => c.tests[0] ?? []));
  const whole = kinds(all.flatMap(c => shownExamplesTest(c) ?? [])).filter(test => !deciding.includes(test));
  const isBelow = (c: Comparison): boolean => Math.min(c.a.values.length, c.b.values.length) < fewestSeeds;
  // Which rows go by which test, where there are several.
  const where = ({kind}: Test): string => {
    const rows = all.filter(c => c.tests[0]?.kind === kind);
    return deciding.length > 1 && rows.every(isBelow) ? ` below ${fewestSeeds} seeds` : '';
  };
  const interval = all.flatMap(c => c.tests).find(t => t.interval);
  return [
    'Difference: of the medians over seeds, × 100.',
    ...(interval ? [`Intervals: ${Math.round(100 * (interval.confidence ?? 0.95))} %, by the bootstrap.`] : []),
    ...deciding.map(
      t => `p adjusted${where(t)}: ${testInWords(t)}${hypothesisInWords(t)}, ${correctionInWords(t, results)}.`,
    ),
    ...deciding.flatMap(t => definitionOf(t) ?? []),
    ...(deciding.length === 0 ? ['p adjusted: no test among the results can carry a claim.'] : []),
    ...whole.map(
      t => `With examples: ${testInWords(t)}, of the difference of means, ${correctionInWords(t, results)}.`,
    ),
    ...(whole.length > 0 && all.some(c => shownExamplesTest(c) && !examplesTest(c))
      ? ['With examples, of arms that ran once: over the examples alone; another training may differ by more.']
      : []),
    ...(all.some(c => c.untrusted.length > 0)
      ? [
          `Below ${fewestSeeds} seeds a bootstrap over seeds calls noise a difference too often, so that those tests are left aside here.`,
        ]
      : []),
    "A12: how often a run of the first arm beats one of the second, ties counting half, with its 95 % interval (Newcombe, 2006); Cliff's δ = 2 A12 − 1, called negligible, small, medium or large at .147, .33, .474.",
    'p rank: exact two-sided Mann-Whitney over seeds, ties counted, not corrected; beside it the smallest p that so many seeds could give.',
    ...strayWarnings([...all.flatMap(c => c.tests[0] ?? []), ...all.filter(c => c.rank).map(asRankTest)]),
  ];
};

export default defineTable<ReportData, Row>({
  title: 'Comparisons',
  pictures: ['differences'],
  columns: ({results}) => columnsOf(results),
  rows: ({results}) => allOf(results).map(rowOf),
  legend: ({results}) => legendOf(results),
});
