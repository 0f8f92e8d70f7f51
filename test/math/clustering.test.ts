import {readFileSync} from 'node:fs';
import {join} from 'node:path';

import {expect, test} from 'vitest';
import {fc} from '../seeded.ts';
import {adjustedRandIndex, normalizedMutualInformation, purity} from '../../src/math/clustering-metrics.ts';
import {kMeans} from '../../src/math/k-means.ts';
import {createRandom} from '../../src/math/random.ts';

interface Expected {
  readonly partitions: readonly {classes: number[]; clusters: number[]; purity: number; nmi: number; ari: number}[];
  readonly kMeans: {dim: number; clusters: number; points: number[]; inertia: number; labels: number[]};
}

/** Made by bench/reference/clustering.py with scikit-learn 1.9.1. */
const expected = JSON.parse(readFileSync(join(import.meta.dirname, '../expected/clustering.json'), 'utf8')) as Expected;

test('purity, NMI and adjusted Rand index are those of scikit-learn', () => {
  for (const {classes, clusters, ...scores} of expected.partitions) {
    expect(purity(classes, clusters)).toBeCloseTo(scores.purity, 12);
    expect(normalizedMutualInformation(classes, clusters)).toBeCloseTo(scores.nmi, 12);
    expect(adjustedRandIndex(classes, clusters)).toBeCloseTo(scores.ari, 12);
  }
});

test('names of parts mean nothing', () => {
  const parts = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), {minLength: 2, maxLength: 20});
  fc.assert(
    fc.property(parts, rows => {
      const classes = rows.map(([of]) => of);
      const clusters = rows.map(([, inside]) => inside);
      const renamed = clusters.map(inside => `cluster ${(inside + 1) % 4}`);
      for (const metric of [purity, normalizedMutualInformation, adjustedRandIndex])
        expect(metric(classes, renamed)).toBeCloseTo(metric(classes, clusters), 12);
      expect(adjustedRandIndex(clusters, classes)).toBeCloseTo(adjustedRandIndex(classes, clusters), 12);
    }),
  );
});

test('partitions of different lengths are refused', () => {
  expect(() => purity([0, 1], [0])).toThrow('found 2 and 1');
});

test('k-means finds the clusters that scikit-learn finds in 50 runs, and the same ones for the same seed', () => {
  const {dim, clusters, points, inertia, labels} = expected.kMeans;
  const data = Float32Array.from(points);
  const find = (seed: number) => kMeans({data, dim}, {clusters, random: createRandom(seed), restarts: 10});
  const found = find(1);
  expect(found.inertia).toBeCloseTo(inertia, 2);
  expect(adjustedRandIndex(labels, found.assignment)).toBe(1);
  expect(find(1)).toEqual(found);
});

test('k-means of equal points, and of more clusters than points', () => {
  const data = new Float32Array(12).fill(2);
  const found = kMeans({data, dim: 3}, {clusters: 2, random: createRandom(1)});
  expect(found.inertia).toBe(0);
  expect(() => kMeans({data, dim: 3}, {clusters: 5, random: createRandom(1)})).toThrow('4 rows can be cut into 1 to 4');
});

test('a cluster that loses its rows starts again elsewhere', () => {
  // Two far groups and three clusters of distinct rows: none may stay empty.
  const data = Float32Array.from([0, 0.1, 0.2, 10, 10.1, 10.2]);
  for (let seed = 0; seed < 20; seed++) {
    const {assignment} = kMeans({data, dim: 1}, {clusters: 3, random: createRandom(seed), restarts: 1});
    expect(new Set(assignment).size).toBe(3);
  }
});
