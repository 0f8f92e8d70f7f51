import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {gradientAt, stopGradient, withRows} from '../../src/engine/nested-gradient.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {
  Batch,
  Engine,
  LossFunction,
  ModelContext,
  Parameters,
  Tensors,
  Trainer,
  TrainerOptions,
} from '../../src/engine/types.ts';
import {createRandom} from '../../src/math/random.ts';
import {encoderStates} from '../../src/models/encoder.ts';
import type {EncoderConfig} from '../../src/models/encoder-config.ts';
import {encoderShapes} from '../../src/models/encoder-names.ts';
import {normals, worstError} from './numbers.ts';
import {distilLoss, sentences, smallStudent, teacherBatch} from './student.ts';

let jit: Engine;
let cpu: Engine;
beforeAll(async () => {
  jit = await openEngine({backend: 'jit', threads: 1});
  cpu = await openEngine({backend: 'cpu', threads: 1});
});

const words = 'embeddings.word_embeddings.weight';
const config: EncoderConfig = {
  ...{layers: 1, width: 8, heads: 2, inner: 16, vocabulary: 20, positions: 8, tokenTypes: 2, epsilon: 1e-12},
  ...{activation: 'gelu', dropout: 0, attentionDropout: 0},
};
const parameters: Parameters = Object.fromEntries(
  [...encoderShapes(config)].map(([name, shape]) => [name, normals(shape, name, 0.3)]),
);
const batch = ((): Batch => {
  const random = createRandom('ids');
  const ints = (below: number) => Int32Array.from({length: 15}, () => random.integer(below));
  return {
    ids: {dtype: 'int32', shape: [3, 5], data: ints(20)},
    types: {dtype: 'int32', shape: [3, 5], data: ints(2)},
    mask: {dtype: 'float32', shape: [3, 5], data: new Float32Array(15).fill(1)},
    target: {dtype: 'float32', ...normals([3, 5, 8], 'target')},
  };
})();

/** Distance of the states to the target, with dropout of its own at each call. */
const distance = (p: Tensors, b: Tensors, ctx: ModelContext, dropout: number): tf.Scalar => {
  const tokens = {ids: b['ids']!, mask: b['mask']!, types: b['types']!};
  const states = encoderStates(p, tokens, ctx, config).at(-1)!;
  return tf.mean(tf.squaredDifference(ctx.dropout(states, dropout), b['target']!));
};

/** The loss at embeddings that were moved along their own gradient. */
const perturbed =
  (dropout = 0): LossFunction =>
  (p, b, ctx) => {
    const rows = ctx.lookup(words, b['ids']!);
    const {gradient} = gradientAt(x => distance(p, b, withRows(ctx, words, x), dropout), rows);
    return distance(p, b, withRows(ctx, words, tf.add(rows, gradient)), dropout);
  };

/** The key's bias shifts all scores of a query alike, which softmax ignores: its gradient is rounding on both sides. */
const errorOf = (actual: Parameters, wanted: Parameters): number => {
  const known = (all: Parameters): Parameters =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !name.endsWith('key.bias')));
  return worstError(known(actual), known(wanted));
};

const trainerOf = (engine: Engine, options: Partial<TrainerOptions> = {}): Trainer =>
  createTrainer({engine, parameters, loss: perturbed(), lazyRows: [words], seed: 4, ...options});

describe('a gradient inside the loss', () => {
  test.each([
    ['rows gathered on the host', {}],
    ['the table as a parameter', {lazyRows: []}],
    ['the table frozen', {frozen: [words]}],
    ['with dropout', {loss: perturbed(0.3)}],
    ['both tables on the host', {lazyRows: [words, 'embeddings.token_type_embeddings.weight']}],
  ])('jit equals cpu: %s', async (_, options) => {
    const [a, b] = [trainerOf(jit, options), trainerOf(cpu, options)];
    // Side by side: they take turns at tfjs's one current backend.
    const [actual, wanted] = await Promise.all([a.gradients(batch), b.gradients(batch)]);
    expect(actual.loss).toBeCloseTo(wanted.loss, 5);
    expect(Object.keys(wanted.gradients).length).toBeGreaterThan(10);
    expect(errorOf(actual.gradients, wanted.gradients)).toBeLessThanOrEqual(2e-5);
    await a.close();
  });

  test('it equals two steps of which the second is given the gradient of the first', async () => {
    const dense: Partial<TrainerOptions> = {lazyRows: []};
    const rowsOf = async (): Promise<Float32Array> => {
      // The embeddings as a parameter of their own: their gradient by the ordinary way.
      const table = parameters[words]!.data;
      const ids = [...batch['ids']!.data];
      const rows = Float32Array.from(ids.flatMap(id => [...table.subarray(id * 8, (id + 1) * 8)]));
      const first = createTrainer({
        engine: cpu,
        parameters: {...parameters, rows: {shape: [3, 5, 8], data: rows}},
        loss: (p, b, ctx) => distance(p, b, withRows(ctx, words, p['rows']!), 0),
      });
      return (await first.gradients(batch)).gradients['rows']!.data;
    };
    const shift = {dtype: 'float32' as const, shape: [3, 5, 8], data: await rowsOf()};
    const second = trainerOf(cpu, {
      ...dense,
      loss: (p, b, ctx) => distance(p, b, withRows(ctx, words, tf.add(ctx.lookup(words, b['ids']!), b['shift']!)), 0),
    });
    const wanted = await second.gradients({...batch, shift});
    const trainer = trainerOf(jit, dense);
    const actual = await trainer.gradients(batch);
    expect(actual.loss).toBeCloseTo(wanted.loss, 5);
    expect(errorOf(actual.gradients, wanted.gradients)).toBeLessThanOrEqual(2e-5);
    // Not so for the gradient at the embeddings as they are: the test would not see a shift that is lost.
    const plain = trainerOf(cpu, {...dense, loss: (p, b, ctx) => distance(p, b, ctx, 0)});
    expect(errorOf((await plain.gradients(batch)).gradients, wanted.gradients)).toBeGreaterThan(1e-3);
    await trainer.close();
  });

  test('of a BiLSTM, whose gradient is written by hand', async () => {
    const loss: LossFunction = (p, b, ctx) => {
      const rows = ctx.lookup('embedding', b['ids']!);
      const found = gradientAt(x => distilLoss()(p, b, withRows(ctx, 'embedding', x)), rows);
      // The first loss counts as well.
      return tf.add(found.loss, distilLoss()(p, b, withRows(ctx, 'embedding', tf.add(rows, found.gradient))));
    };
    const own = teacherBatch(sentences([4, 2], 'a'), {rows: 3, tokens: 4}, 'a');
    const options = {parameters: smallStudent(), loss, lazyRows: ['embedding']};
    const [a, b] = [trainerOf(jit, options), trainerOf(cpu, options)];
    expect(errorOf((await a.gradients(own)).gradients, (await b.gradients(own)).gradients)).toBeLessThanOrEqual(2e-5);
    await a.close();
  });

  test('stopGradient: a constant to the gradient', async () => {
    const x = normals([4], 'x');
    for (const engine of [jit, cpu]) {
      const trainer = trainerOf(engine, {parameters: {x}, lazyRows: [], loss: p => tf.sum(tf.mul(p['x']!, stopGradient(p['x']!)))}); // prettier-ignore
      const {gradients} = await trainer.gradients({});
      expect(gradients['x']!.data).toEqual(x.data);
      await trainer.close();
    }
  });

  test('plain tf.grad inside a loss is differentiated through: second derivatives', async () => {
    const x = normals([4], 'x');
    for (const engine of [jit, cpu]) {
      // d/dx Σ (∂ Σ x³ / ∂x) = 6x
      const loss: LossFunction = p => tf.sum(tf.grad(y => tf.sum(tf.mul(tf.square(y), y)))(p['x']!));
      const trainer = trainerOf(engine, {parameters: {x}, lazyRows: [], loss});
      const {gradients} = await trainer.gradients({});
      gradients['x']!.data.forEach((value, at) => expect(value).toBeCloseTo(6 * x.data[at]!, 4));
      await trainer.close();
    }
  });

  test('many steps leave no tensors behind', async () => {
    for (const engine of [jit, cpu]) {
      const trainer = trainerOf(engine);
      const settings = {learningRate: 0.01, progress: 0};
      await trainer.step(batch, settings);
      const before = tf.memory().numTensors;
      for (let step = 0; step < 3; step++) await trainer.step(batch, settings);
      expect(tf.memory().numTensors).toBe(before);
      await trainer.close();
    }
  });

  test('mistakes: a loss that is no scalar, rows that do not fit', async () => {
    const failing = async (loss: LossFunction): Promise<string> => {
      const trainer = trainerOf(jit, {loss});
      return trainer.gradients(batch).then(
        () => '',
        (error: Error) => error.message,
      );
    };
    expect(await failing((_, b) => gradientAt(x => tf.square(x) as tf.Scalar, b['target']!).loss)).toBe(
      'gradientAt: the loss must be a float32 scalar, found a float32 tensor [3, 5, 8].',
    );
    expect(
      await failing((p, b, ctx) => distance(p, b, withRows(ctx, words, tf.slice(b['target']!, 0, [2, 5, 8])), 0)),
    ).toBe(`withRows: the rows given for "${words}" are [2, 5, 8], the model looks up ids [3, 5].`);
  });
});
