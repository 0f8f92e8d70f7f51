import {expect, test} from 'vitest';
import {compareRuns} from '../../src/math/compare-runs.ts';
import {holm} from '../../src/math/correction.ts';
import {mannWhitneyU} from '../../src/math/mann-whitney.ts';
import {createRandom} from '../../src/math/random.ts';
import {formatResults} from '../../src/report/format-results.ts';
import {parseResults} from '../../src/report/parse-results.ts';
import {renderTable} from '../../src/report/table.ts';
import bam5 from '../../src/report/tables/bam-5.ts';
import scores from '../../src/report/tables/scores.ts';
import {results, runs} from './fixture.ts';

/** Two arms of 20 seeds, normal with a standard deviation of one point; the first is better by `effect` of these. */
const draw = (experiment: number, effect: number): {a: number[]; b: number[]} => {
  const random = createRandom(`planted ${experiment}`);
  const sample = (centre: number): number[] => Array.from({length: 20}, () => centre + 0.01 * random.normal());
  return {a: sample(0.7 + 0.01 * effect), b: sample(0.7)};
};

/** From runs to results.json, back, and to the printed table, as the stages do it. */
const starInScores = ({a, b}: {a: number[]; b: number[]}): boolean => {
  const toRuns = (values: number[]) => values.map((value, i) => ({seed: i + 1, value}));
  const options = {tests: ['mann-whitney'], null: 'recentred', resamples: 1, confidence: 0.95, seed: ''} as const;
  const [test] = compareRuns(toRuns(a), toRuns(b), options);
  const tests = [{...test!, n: [20, 20], task: 'rte', a: 'ltd', b: 'plain', adjusted: holm([test!.p])[0]!}];
  const written = formatResults(
    results([...runs('rte', 'ltd', a), ...runs('rte', 'plain', b)], {
      tests: tests.map(({interval, ...rest}) => ({...rest, interval: interval && [interval[0], interval[1]]})),
    }),
  );
  return renderTable(scores, {results: parseResults(written, 'results.json'), cost: null}).includes('\\*');
};

const share = (count: number, holds: (experiment: number) => boolean): number =>
  Array.from({length: count}, (_, i) => holds(i)).filter(Boolean).length / count;

// Power of the two-sided Mann-Whitney test at n = 20, one standard deviation apart: .86, simulated with SciPy 1.17.1
// (2,000 pairs of normal samples, standard error .008). With 400 pairs here, .86 ± 4 standard errors of the difference.
const [power, pairs, slack] = [0.86, 400, 4 * Math.sqrt((0.86 * 0.14) / 400 + 0.008 ** 2)];

test('a planted effect of one standard deviation is starred as often as the power of the test says', () => {
  const starred = share(pairs, i => starInScores(draw(i, 1)));
  expect(Math.abs(starred - power)).toBeLessThan(slack);
  // and not by luck: exactly where the test itself finds it
  for (let i = 0; i < 60; i++) {
    const {a, b} = draw(i, 1);
    const {p, a12} = mannWhitneyU(a, b, {method: 'exact'});
    expect(starInScores({a, b})).toBe(p < 0.05 && a12 > 0.5);
  }
});

test('without an effect a star is as rare as the level says', () => {
  // a star marks an improvement: half of the two-sided 5 %
  const starred = share(pairs, i => starInScores(draw(1000 + i, 0)));
  expect(starred).toBeLessThan(0.025 + 4 * Math.sqrt((0.025 * 0.975) / pairs));
});

test("a paper's table prints the p of that same test", () => {
  const found = share(150, i => {
    const {a, b} = draw(i, 1);
    const all = results([...runs('rte', 'single-multi', a), ...runs('rte', 'single-single', b)]);
    const [, p] = /\| All of GLUE \| ours \|.*\(p = ([\d.e−]+)\)/.exec(renderTable(bam5, {results: all, cost: null}))!;
    return Number(p!.replace('−', '-')) < 0.05;
  });
  expect(Math.abs(found - power)).toBeLessThan(4 * Math.sqrt((0.86 * 0.14) / 150 + 0.008 ** 2));
});
