import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {accuracy, f1, matthews, pearson, spearman} from '../../src/math/metrics.ts';

const {cases} = JSON.parse(readFileSync(new URL('../expected/metrics-1000.json', import.meta.url), 'utf8')) as {
  cases: readonly (readonly number[])[];
};

it("every metric of GLUE is scikit-learn's and SciPy's on 1,000 random and degenerate cases", () => {
  // bench/reference/metrics_sklearn.py draws the same cases, in this order.
  let state = 1;
  const draw = (below: number): number => {
    state = Number((BigInt(state) * 48271n) % 2147483647n);
    return state % below;
  };
  const column = (kind: number, length: number, values: number): number[] =>
    Array.from({length}, () => draw([1, 2, 4, values][kind]!));
  expect(cases).toHaveLength(1000);
  for (const [at, expected] of cases.entries()) {
    const length = 1 + draw(40);
    const kinds = [draw(4), draw(4)] as const;
    const isLabels = at % 2 === 0;
    const x = column(kinds[0], length, isLabels ? 5 : 1000);
    const second = column(kinds[1], length, isLabels ? 5 : 1000);
    const y = draw(4) === 0 ? x : second;
    const found = isLabels ? [accuracy(x, y), f1(x, y, 1), matthews(x, y)] : [pearson(x, y), spearman(x, y)];
    expect(found).toHaveLength(expected.length);
    for (const [metric, value] of expected.entries()) expect(found[metric], `case ${at}, ${x.join()} ${y.join()}`).toBeCloseTo(value, 12); // prettier-ignore
  }
});
