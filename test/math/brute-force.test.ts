import {expect, it} from 'vitest';
import {a12} from '../../src/math/effect-size.ts';
import {mannWhitneyU} from '../../src/math/mann-whitney.ts';
import {mcnemar} from '../../src/math/mcnemar.ts';
import {holm} from '../../src/math/correction.ts';
import {createRandom} from '../../src/math/random.ts';
import {wilcoxonSignedRank} from '../../src/math/wilcoxon.ts';
import {expectClose} from './close.ts';

const cases = 5000;
const random = createRandom('brute force');
const integers = (length: number, below: number): number[] => Array.from({length}, () => random.integer(below));
const twice = (less: number, greater: number): number => Math.min(1, 2 * Math.min(less, greater));

/** Pairs won, ties half: U by its definition. */
const pairsWon = (x: readonly number[], y: readonly number[]): number => {
  let won = 0;
  for (const a of x) for (const b of y) won += a > b ? 1 : a === b ? 0.5 : 0;
  return won;
};

it(`Mann-Whitney equals every labelling in ${cases} random cases`, () => {
  for (let at = 0; at < cases; at++) {
    const [n, m] = [1 + random.integer(5), 1 + random.integer(5)];
    // From all tied to hardly any ties.
    const below = [1, 2, 4, 8, 1000][random.integer(5)]!;
    const [x, y] = [integers(n, below), integers(m, below)];
    const pool = [...x, ...y];
    const observed = pairsWon(x, y);
    let [less, greater, all] = [0, 0, 0];
    for (let mask = 0; mask < 2 ** (n + m); mask++) {
      const first = pool.filter((_, bit) => (mask >> bit) & 1);
      if (first.length !== n) continue;
      const u = pairsWon(
        first,
        pool.filter((_, bit) => !((mask >> bit) & 1)),
      );
      if (u <= observed) less++;
      if (u >= observed) greater++;
      all++;
    }
    const what = `${x.join()} | ${y.join()}`;
    const result = mannWhitneyU(x, y, {method: 'exact'});
    expect(result.u, what).toBe(observed);
    expectClose(result.p, twice(less / all, greater / all), 1e-12, what);
    expectClose(mannWhitneyU(x, y, {method: 'exact', alternative: 'less'}).p, less / all, 1e-12, what);
    expectClose(mannWhitneyU(x, y, {method: 'exact', alternative: 'greater'}).p, greater / all, 1e-12, what);
    expectClose(a12(x, y), observed / (n * m), 1e-14, what);
  }
});

it(`Wilcoxon equals every choice of signs in ${cases} random cases`, () => {
  for (let at = 0; at < cases; at++) {
    const d = integers(1 + random.integer(8), [2, 5, 9, 1001][random.integer(4)]!).map(v =>
      random.integer(2) ? v : -v,
    );
    const sizes = d.filter(value => value !== 0).map(Math.abs);
    const ranks = sizes.map(
      size => sizes.filter(other => other < size).length + (sizes.filter(other => other === size).length + 1) / 2,
    );
    const signs = d.filter(value => value !== 0).map(value => value > 0);
    const sum = (isPlus: (index: number) => boolean): number =>
      ranks.reduce((total, rank, index) => (isPlus(index) ? total + rank : total), 0);
    const observed = sum(index => signs[index]!);
    const all = 2 ** ranks.length;
    let [less, greater] = [0, 0];
    for (let mask = 0; mask < all; mask++) {
      const plus = sum(index => ((mask >> index) & 1) === 1);
      if (plus <= observed) less++;
      if (plus >= observed) greater++;
    }
    const what = d.join();
    const zeros = d.map(() => 0);
    expectClose(wilcoxonSignedRank(d, zeros).p, twice(less / all, greater / all), 1e-12, what);
    expectClose(wilcoxonSignedRank(d, zeros, {alternative: 'greater'}).p, greater / all, 1e-12, what);
    expectClose(wilcoxonSignedRank(d, zeros, {alternative: 'less'}).p, less / all, 1e-12, what);
  }
});

it(`McNemar equals every coin in ${cases} random cases`, () => {
  for (let at = 0; at < cases; at++) {
    const [x, y] = [integers(8, 2), integers(8, 2)];
    const signs = x.flatMap((value, index) => (value === y[index] ? [] : [value > y[index]!]));
    const observed = signs.filter(Boolean).length;
    let [less, greater] = [0, 0];
    for (let mask = 0; mask < 2 ** signs.length; mask++) {
      const heads = signs.filter((_, bit) => (mask >> bit) & 1).length;
      if (heads <= observed) less++;
      if (heads >= observed) greater++;
    }
    const all = 2 ** signs.length;
    expectClose(mcnemar(x, y).p, twice(less / all, greater / all), 1e-12, `${x.join()} | ${y.join()}`);
  }
});

it(`Holm equals the closure of Bonferroni's tests in ${cases} random cases`, () => {
  for (let at = 0; at < cases; at++) {
    const p = Array.from({length: 1 + random.integer(5)}, () => random.uniform() ** 3);
    // Adjusted p of a hypothesis: the largest Bonferroni p of all the intersections it is part of.
    const adjusted = p.map(() => 0);
    for (let mask = 1; mask < 2 ** p.length; mask++) {
      const members = p.map((_, index) => index).filter(bit => (mask >> bit) & 1);
      const joint = Math.min(1, members.length * Math.min(...members.map(index => p[index]!)));
      for (const index of members) adjusted[index] = Math.max(adjusted[index]!, joint);
    }
    holm(p).forEach((value, index) => expectClose(value, adjusted[index]!, 1e-14));
  }
});
