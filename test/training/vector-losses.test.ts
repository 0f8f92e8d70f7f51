import '@tensorflow/tfjs-backend-cpu';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {registerGradients} from '../../src/engine/gradients.ts';
import {absoluteDistance, contrastiveLoss, relationalDistance} from '../../src/math/vector-losses.ts';
import ltd from '../../src/methods/ltd.ts';

registerGradients();

interface Expected {
  readonly values: readonly number[];
  readonly gradient: readonly (readonly number[])[];
}

// By PyTorch; the origin is in the file.
const expected = JSON.parse(readFileSync(join(import.meta.dirname, '../expected/vector-losses.json'), 'utf8')) as {
  temperature: number;
  student: number[][];
  teacher: number[][];
} & Record<'absolute' | 'relational' | 'contrastive', Expected>;

const losses = {
  absolute: absoluteDistance,
  relational: relationalDistance,
  contrastive: (s: tf.Tensor2D, t: tf.Tensor2D) => contrastiveLoss(s, t, expected.temperature),
};

describe.each(['absolute', 'relational', 'contrastive'] as const)('%s', name => {
  const [student, teacher] = [tf.tensor2d(expected.student), tf.tensor2d(expected.teacher)];

  test('has PyTorch’s values and gradients', () => {
    const values = losses[name](student, teacher).dataSync();
    values.forEach((value, at) => expect(value).toBeCloseTo(expected[name].values[at]!, 5));
    const gradient = tf
      .grad(s => tf.mean(losses[name](s as tf.Tensor2D, teacher)))(student)
      .dataSync();
    expected[name].gradient.flat().forEach((value, at) => expect(gradient[at]).toBeCloseTo(value, 5));
  });

  test('is not moved by an empty row', () => {
    const longer = losses[name](
      tf.concat<tf.Tensor2D>([student, tf.tensor2d([[3, -1, 4, 1, 5]])], 0),
      tf.concat<tf.Tensor2D>([teacher, tf.zeros([1, 5])], 0),
    ).dataSync();
    expected[name].values.forEach((value, at) => expect(longer[at]).toBeCloseTo(value, 5));
  });
});

test('the method has the terms that are asked for, the distance with weight 1', () => {
  const terms = ltd.terms(ltd.params.parse({distance: 'squared', relational: 0.5}));
  expect(terms.map(({name, weight}) => [name, weight])).toEqual([
    ['squared-distance', 1],
    ['relational-distance', 0.5],
  ]);
});
