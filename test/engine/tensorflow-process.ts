import * as tf from '@tensorflow/tfjs-core';
import {openEngine} from '../../src/engine/engine.ts';
import {gradientAt, withRows} from '../../src/engine/nested-gradient.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {
  BackendName,
  Batch,
  Engine,
  LossFunction,
  ModelContext,
  Parameters,
  Tensors,
} from '../../src/engine/types.ts';
import {createRandom} from '../../src/math/random.ts';
import {bilstmSentence} from '../../src/models/bilstm.ts';
import {encoderStates, sequenceLogits} from '../../src/models/encoder.ts';
import type {EncoderConfig} from '../../src/models/encoder-config.ts';
import {encoderShapes} from '../../src/models/encoder-names.ts';
import {normals, relativeError, worstError} from './numbers.ts';
import {operations} from './operations.ts';
import {distilLoss, sentences, smallStudent, teacherBatch} from './student.ts';

/** The same trainings on another backend and on the jit, in a process of its own; prints how far they are apart: see tensorflow.test.ts. */
const words = 'embeddings.word_embeddings.weight';
const config: EncoderConfig = {
  ...{layers: 2, width: 8, heads: 2, inner: 16, vocabulary: 20, positions: 8, tokenTypes: 2, epsilon: 1e-12},
  ...{activation: 'gelu', dropout: 0.1, attentionDropout: 0.1},
};
const encoder: Parameters = {
  ...Object.fromEntries([...encoderShapes(config)].map(([name, shape]) => [name, normals(shape, name, 0.3)])),
  'pooler.dense.weight': normals([8, 8], 'pooler', 0.3),
  'pooler.dense.bias': normals([8], 'pooler bias', 0.3),
  'classifier.weight': normals([3, 8], 'classifier', 0.3),
  'classifier.bias': normals([3], 'classifier bias', 0.3),
};
const tokens = ((): Batch => {
  const random = createRandom('ids');
  const ids = Int32Array.from({length: 15}, () => random.integer(20));
  const mask = Float32Array.from({length: 15}, (_, at) => Number(at % 5 < 3));
  return {
    ids: {dtype: 'int32', shape: [3, 5], data: ids},
    mask: {dtype: 'float32', shape: [3, 5], data: mask},
    target: {dtype: 'float32', ...normals([3, 3], 'target')},
  };
})();

const logits = (p: Tensors, b: Tensors, ctx: ModelContext): tf.Tensor2D =>
  sequenceLogits(p, encoderStates(p, {ids: b['ids']!, mask: b['mask']!}, ctx, config).at(-1)!, ctx, config);
const encoderLoss: LossFunction = (p, b, ctx) => tf.mean(tf.squaredDifference(logits(p, b, ctx), b['target']!));
const perturbed: LossFunction = (p, b, ctx) => {
  const rows = ctx.lookup(words, b['ids']!);
  const {gradient} = gradientAt(x => encoderLoss(p, b, withRows(ctx, words, x)), rows);
  return encoderLoss(p, b, withRows(ctx, words, tf.add(rows, gradient)));
};

const texts = teacherBatch(sentences([4, 2, 3], 'a'), {rows: 3, tokens: 4}, 'a');
const student = {parameters: smallStudent(), lazyRows: ['embedding'], batch: texts};
const trainings = {
  ...Object.fromEntries(
    (['idf', 'mean', 'max', 'last'] as const).map(pooling => [`student ${pooling}`, {...student, loss: distilLoss(pooling, 0.2)}]), // prettier-ignore
  ),
  encoder: {parameters: encoder, lazyRows: [words], loss: encoderLoss, batch: tokens},
  'encoder perturbed': {parameters: encoder, lazyRows: [words], loss: perturbed, batch: tokens},
};

const backend = process.argv[2] as BackendName;
const [other, jit] = [await openEngine({backend, threads: 1}), await openEngine({backend: 'jit', threads: 1})];

interface Training {
  readonly parameters: Parameters;
  readonly lazyRows: readonly string[];
  readonly loss: LossFunction;
  readonly batch: Batch;
}

/** The key's bias shifts all scores of a query alike, which softmax ignores: its gradient is rounding on both sides. */
const known = (all: Parameters): Parameters =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !name.endsWith('key.bias')));

/** Worst errors of the gradients at the start, and of the losses of ten steps. */
const apart = async ({batch, ...options}: Training): Promise<{gradients: number; losses: number; left: number}> => {
  const optimizer = {clipNorm: 1, weightDecay: 0.01};
  const trainers = [other, jit].map(engine => createTrainer({engine, optimizer, seed: 3, ...options}));
  const [wanted, actual] = (await Promise.all(trainers.map(trainer => trainer.gradients(batch)))) as [
    {loss: number; gradients: Parameters}, {loss: number; gradients: Parameters},
  ]; // prettier-ignore
  let losses = Math.abs(wanted.loss - actual.loss);
  const before = tf.memory().numTensors;
  for (let step = 0; step < 10; step++) {
    const [a, b] = await Promise.all(trainers.map(trainer => trainer.step(batch, {learningRate: 0.01, progress: step / 10}))); // prettier-ignore
    losses = Math.max(losses, Math.abs(a! - b!));
  }
  const gradients = worstError(known(actual.gradients), known(wanted.gradients));
  return {gradients, losses, left: tf.memory().numTensors - before};
};

const ofOperation = async (name: string): Promise<number | string> => {
  const {shapes, positive, f} = operations[name]!;
  const parameters = Object.fromEntries(
    shapes.map((shape, at) => {
      const {data} = normals(shape, `${name} ${at}`);
      return [`x${at}`, {shape, data: positive ? data.map(x => Math.abs(x) + 0.5) : data}];
    }),
  );
  const loss: LossFunction = p => {
    const y = f(...Object.values(p));
    return tf.sum(tf.mul(tf.reshape(y, [-1]), tf.sin(tf.range(1, y.size + 1))));
  };
  const gradients = (engine: Engine) => createTrainer({engine, parameters, loss}).gradients({});
  return Promise.all([gradients(jit), gradients(other)]).then(
    ([a, b]) => worstError(a.gradients, b.gradients),
    (error: Error) => error.message,
  );
};

const forward = async (): Promise<number> => {
  const errors: number[] = [];
  const run = (engine: Engine, of: 'student' | 'encoder') =>
    of === 'student'
      ? createPredictor({engine, parameters: smallStudent(), forward: (p, b, ctx) => bilstmSentence(p, b, ctx, {pooling: 'idf'})}).run(texts) // prettier-ignore
      : createPredictor({engine, parameters: encoder, forward: logits}).run(tokens);
  for (const of of ['student', 'encoder'] as const) {
    const [wanted, actual] = [await run(other, of), await run(jit, of)];
    errors.push(relativeError(actual[0]!, wanted[0]!));
  }
  return Math.max(...errors);
};

const found: Record<string, unknown> = {
  version: other.version,
  forward: await forward(),
  trainings: {},
  operations: {},
};
for (const [name, training] of Object.entries(trainings)) {
  (found['trainings'] as Record<string, unknown>)[name] = await apart(training);
}
for (const name of Object.keys(operations)) {
  (found['operations'] as Record<string, unknown>)[name] = await ofOperation(name);
}
console.log(`\n${JSON.stringify(found)}`);
