import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Engine, ForwardFunction, Parameters, TrainerOptions} from '../../src/engine/types.ts';
import {softmaxCrossEntropy, weightedMean} from '../../src/math/losses.ts';
import {createRandom} from '../../src/math/random.ts';
import {bilstmSentence, initBilstm, type Pooling} from '../../src/models/bilstm.ts';
import {headOutput, initHead} from '../../src/models/head.ts';
import {sentenceBatch} from '../../src/models/sentence-batch.ts';
import {relativeError, worstError} from './numbers.ts';
import {distilLoss, sentences, smallStudent, teacherBatch} from './student.ts';

let jit: Engine;
let cpu: Engine;
beforeAll(async () => {
  jit = await openEngine({backend: 'jit', threads: 1});
  cpu = await openEngine({backend: 'cpu', threads: 1});
});

const lengths = [7, 3, 1, 8, 5];
const batchOf = (seed: string) => teacherBatch(sentences(lengths, seed), {rows: 6, tokens: 8}, seed);
const trainerOf = (engine: Engine, options: Partial<TrainerOptions> = {}) =>
  createTrainer({engine, parameters: smallStudent(), loss: distilLoss(), lazyRows: ['embedding'], ...options});

const poolings: Pooling[] = ['idf', 'mean', 'max', 'last'];

describe('the student on the jit equals the student on the cpu backend', () => {
  test.each(poolings)('gradients, pooling %s', async pooling => {
    const loss = distilLoss(pooling);
    const [actual, wanted] = [
      await trainerOf(jit, {loss}).gradients(batchOf('a')),
      await trainerOf(cpu, {loss}).gradients(batchOf('a')),
    ];
    expect(Math.abs(actual.loss / wanted.loss - 1)).toBeLessThanOrEqual(1e-5);
    expect(worstError(actual.gradients, wanted.gradients)).toBeLessThanOrEqual(1e-5);
  });

  test('losses of 50 Adam steps, with dropout, clipping, decay and batches of two shapes', async () => {
    const optimizer = {clipNorm: 0.5, weightDecay: 0.01};
    const loss = distilLoss('idf', 0.3);
    const [ours, oracle] = [jit, cpu].map(engine => trainerOf(engine, {optimizer, loss, seed: 3})) as [
      ReturnType<typeof trainerOf>, ReturnType<typeof trainerOf>,
    ]; // prettier-ignore
    for (let step = 0; step < 50; step++) {
      const long = teacherBatch(sentences([12, 9], `long ${step % 3}`), {rows: 6, tokens: 12}, `long ${step % 3}`);
      const batch = step % 2 ? long : batchOf(`short ${step % 4}`);
      const settings = {learningRate: 0.01, progress: step / 50};
      const [a, b] = [await ours.step(batch, settings), await oracle.step(batch, settings)];
      expect(Math.abs(a - b), `step ${step}`).toBeLessThanOrEqual(2e-4 * Math.max(1, Math.abs(b)));
    }
  });

  test('the hand-written gradient equals the one by finite differences', async () => {
    const trainer = (parameters: Parameters) => trainerOf(jit, {parameters});
    const parameters = smallStudent();
    const {gradients} = await trainer(parameters).gradients(batchOf('a'));
    const step = 2e-3;
    for (const name of Object.keys(parameters)) {
      const gradient = gradients[name]!.data;
      const length = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
      const at = async (sign: number): Promise<number> => {
        const data = parameters[name]!.data.map((x, i) => x + (sign * step * gradient[i]!) / length);
        const moved = {...parameters, [name]: {...parameters[name]!, data}};
        return (await trainer(moved).gradients(batchOf('a'))).loss;
      };
      expect(Math.abs(((await at(1)) - (await at(-1))) / (2 * step) / length - 1), name).toBeLessThan(0.02);
    }
  });
});

describe('lazy rows', () => {
  test('gradients equal those of a dense gather, ids repeated within and between two lookups', async () => {
    const [lazy, dense] = [
      await trainerOf(jit).gradients(batchOf('a')),
      await trainerOf(jit, {lazyRows: []}).gradients(batchOf('a')),
    ];
    expect(worstError(lazy.gradients, dense.gradients)).toBeLessThanOrEqual(1e-6);

    const loss: TrainerOptions['loss'] = (_, batch, ctx) => {
      const [a, b] = [ctx.lookup('embedding', batch['a']!), ctx.lookup('embedding', batch['b']!)];
      return tf.add(tf.sum(tf.square(a)), tf.sum(tf.mul(b, tf.range(0, 6))));
    };
    const ids = (...data: number[]) => ({dtype: 'int32' as const, shape: [data.length], data: Int32Array.from(data)});
    const batch = {a: ids(4, 2, 4), b: ids(9, 4)};
    const [two, oracle] = [
      await trainerOf(jit, {loss}).gradients(batch),
      await trainerOf(jit, {loss, lazyRows: []}).gradients(batch),
    ];
    expect(two.gradients['embedding']!.data.some(g => g !== 0)).toBe(true);
    expect(worstError({e: two.gradients['embedding']!}, {e: oracle.gradients['embedding']!})).toBeLessThanOrEqual(1e-6);
  });

  test('only looked-up rows move', async () => {
    const trainer = trainerOf(jit, {optimizer: {weightDecay: 0.1}});
    const before = trainer.parameters()['embedding']!.data;
    await trainer.step(batchOf('a'), {learningRate: 0.01, progress: 0});
    const after = trainer.parameters()['embedding']!.data;
    const used = new Set(batchOf('a')['ids']!.data);
    for (let row = 0; row < 30; row++) {
      const same = before.subarray(row * 6, row * 6 + 6).every((x, at) => x === after[row * 6 + at]);
      // Padding is looked up, and its gradient is zero: without decay it would stay.
      if (row > 0) expect(same, `row ${row}`).toBe(!used.has(row));
    }
  });
});

test('frozen parameters stay, the others learn as with them', async () => {
  const frozen = ['embedding', 'kernel', 'recurrent', 'bias'];
  const trainer = trainerOf(jit, {frozen});
  const before = trainer.parameters();
  const {gradients} = await trainer.gradients(batchOf('a'));
  expect(Object.keys(gradients)).toEqual(['output.kernel', 'output.bias']);
  const all = await trainerOf(jit).gradients(batchOf('a'));
  expect(relativeError(gradients['output.kernel']!.data, all.gradients['output.kernel']!.data)).toBeLessThanOrEqual(
    1e-6,
  );
  await trainer.step(batchOf('a'), {learningRate: 0.1, progress: 0});
  const after = trainer.parameters();
  for (const name of frozen) expect(after[name]).toEqual(before[name]);
  expect(after['output.bias']).not.toEqual(before['output.bias']);
});

describe('padding', () => {
  test.each(poolings)('never changes a vector: %s', async pooling => {
    for (const engine of [jit, cpu]) {
      const parameters = smallStudent();
      const predictor = createPredictor({
        engine,
        parameters,
        forward: (p, b, ctx) => bilstmSentence(p, b, ctx, {pooling}),
      });
      const texts = sentences(lengths, 'padding');
      const [tight] = await predictor.run(sentenceBatch(texts, {rows: 5, tokens: 8}));
      const [loose] = await predictor.run(sentenceBatch(texts, {rows: 9, tokens: 16}));
      expect(relativeError(loose!.subarray(0, tight!.length), tight!)).toBeLessThanOrEqual(1e-6);
      const [alone] = await predictor.run(sentenceBatch([texts[1]!], {rows: 1, tokens: 3}));
      expect(relativeError(alone!, tight!.subarray(7, 14))).toBeLessThanOrEqual(1e-6);
    }
  });

  test.each(poolings)('never changes a gradient: %s', async pooling => {
    const trainer = trainerOf(jit, {loss: distilLoss(pooling)});
    const texts = sentences(lengths, 'padding');
    const tight = await trainer.gradients(teacherBatch(texts, {rows: 5, tokens: 8}, 't'));
    const loose = await trainer.gradients(teacherBatch(texts, {rows: 9, tokens: 12}, 't'));
    expect(worstError(loose.gradients, tight.gradients)).toBeLessThanOrEqual(1e-5);
  });
});

test("ONNX's own LSTM operator gives what the unrolled graph gives", async () => {
  const batch = sentenceBatch(sentences(lengths, 'native'), {rows: 5, tokens: 8});
  const run = async (native: boolean): Promise<Float32Array> => {
    const predictor = createPredictor({
      engine: jit,
      parameters: smallStudent(),
      forward: (p, b, {nativeLstm, ...ctx}) =>
        bilstmSentence(p, b, native ? {...ctx, nativeLstm: nativeLstm!} : ctx, {pooling: 'idf'}),
    });
    return (await predictor.run(batch))[0]!;
  };
  expect(relativeError(await run(true), await run(false))).toBeLessThanOrEqual(1e-5);
});

test('student and head memorise 32 pairs with random labels', async () => {
  const random = createRandom('memorise');
  const shape = {vocabulary: 60, embedding: 16, hidden: 16, width: 24};
  const parameters = {...initBilstm(shape, random), ...initHead({texts: 2, width: 24, hidden: 32, outputs: 3}, random)};
  const texts = Array.from({length: 64}, () => {
    const ids = Int32Array.from({length: 3 + random.integer(6)}, () => 1 + random.integer(59));
    return {ids, weights: new Float32Array(ids.length).fill(1 / ids.length)};
  });
  const labels = Array.from({length: 32}, () => random.integer(3));
  const targets = Float32Array.from({length: 96}, (_, at) => Number(labels[Math.floor(at / 3)] === at % 3));
  const batch = {
    ...sentenceBatch(texts, {rows: 64, tokens: 8}),
    targets: {dtype: 'float32' as const, shape: [32, 3], data: targets},
  };
  const logits: ForwardFunction = (p, b, ctx) =>
    headOutput(p, tf.split(bilstmSentence(p, b, ctx, {pooling: 'idf'}), 2, 0), ctx);
  const trainer = createTrainer({
    engine: jit,
    parameters,
    lazyRows: ['embedding'],
    loss: (p, b, ctx) =>
      weightedMean(softmaxCrossEntropy(logits(p, b, ctx) as tf.Tensor2D, b['targets'] as tf.Tensor2D), tf.ones([32])),
  });
  for (let step = 0; step < 150; step++) await trainer.step(batch, {learningRate: 0.01, progress: step / 150});
  const predictor = createPredictor({engine: jit, parameters: trainer.parameters(), forward: logits});
  const [found] = await predictor.run(batch);
  const predicted = labels.map((_, row) => {
    const scores = [...found!.subarray(row * 3, row * 3 + 3)];
    return scores.indexOf(Math.max(...scores));
  });
  expect(predicted).toEqual(labels);

  // Who knows nothing but how often each label occurs pays the labels' entropy; what is known by heart costs a tenth at most.
  const shares = [0, 1, 2].map(label => labels.filter(other => other === label).length / 32);
  const entropy = -shares.reduce((sum, share) => sum + share * Math.log(share), 0);
  const cost = labels.map((label, row) => {
    const scores = [...found!.subarray(row * 3, row * 3 + 3)];
    return Math.log(scores.reduce((sum, score) => sum + Math.exp(score - scores[label]!), 0));
  });
  expect(cost.reduce((a, b) => a + b, 0) / 32).toBeLessThan(entropy / 10);
});
