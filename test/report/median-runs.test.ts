import {expect, test} from 'vitest';
import rte from '../../src/tasks/rte.ts';
import stsb from '../../src/tasks/sts-b.ts';
import {compareMedianRuns, type PairedPredictions} from '../../src/evaluation/compare-predictions.ts';

const [yes, no] = ['entailment', 'not_entailment'];

/** A run that has the examples named in `wrong` wrong, of ten. */
const run = (seed: number, wrong: readonly number[]) => ({
  seed,
  labels: Array<string>(10).fill(yes),
  predictions: Array.from({length: 10}, (_, at) => (wrong.includes(at) ? no : yes)),
});

const pair: PairedPredictions = {
  a: [run(1, [0, 1, 2]), run(2, []), run(3, [9])],
  b: [run(1, [0, 1, 2, 3, 4, 5, 6]), run(2, [0, 1, 2, 3, 4, 5, 6, 7]), run(3, []), run(4, [5, 6, 7, 8, 9, 0])],
  examples: 10,
};

test("McNemar's test is of the runs of median score, the lower of two middle ones", () => {
  // a's median run (seed 3) lacks 9; b's (seed 1, the lower middle of 2, 3, 4 and 10 right) lacks 0 to 6: 7 against 1.
  // 2 · P(X ≥ 7 of 8) = 2 · 9 / 256
  expect(compareMedianRuns(pair, rte)).toMatchObject({
    seeds: [3, 1],
    onlyFirst: 7,
    onlySecond: 1,
    p: 18 / 256,
    smallest: 2 / 256,
    difference: 0.6,
    n: [1, 1],
  });
});

test('runs that never differ have p = 1, and a regression has no such test', () => {
  const same = {...pair, b: pair.a};
  expect(compareMedianRuns(same, rte)).toMatchObject({p: 1, smallest: 1, onlyFirst: 0, onlySecond: 0});
  expect(compareMedianRuns(pair, stsb)).toBeNull();
});
