import * as tf from '@tensorflow/tfjs-core';
import {openEngine} from '../../src/engine/engine.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Batch, HostTensor, Trainer} from '../../src/engine/types.ts';
import {createRandom} from '../../src/math/random.ts';
import {warmupLinear} from '../../src/math/schedules.ts';
import {encoderStates} from '../../src/models/encoder.ts';
import {encoderShapes} from '../../src/models/encoder-names.ts';
import {distilLoss, sentences, smallStudent, teacherBatch} from './student.ts';

/** Two trainings that a process of its own runs, so that it can be killed: see killed.test.ts. */
export const total = 40;

const config = {
  ...{layers: 2, width: 8, heads: 2, inner: 16, vocabulary: 30, positions: 8, tokenTypes: 0, epsilon: 1e-12},
  ...({activation: 'gelu', dropout: 0.1, attentionDropout: 0.1} as const),
};

const encoderParameters = (): Record<string, HostTensor> => {
  const random = createRandom('encoder');
  const tensor = (shape: readonly number[]): HostTensor => {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    return {shape, data: Float32Array.from({length: size}, () => 0.3 * random.normal())};
  };
  return Object.fromEntries([...encoderShapes(config)].map(([name, shape]) => [name, tensor(shape)]));
};

const encoderBatch = (step: number): Batch => {
  const random = createRandom(`batch ${step}`);
  const tokens = step % 2 ? 6 : 4;
  const size = 3 * tokens;
  return {
    ids: {dtype: 'int32', shape: [3, tokens], data: Int32Array.from({length: size}, () => random.integer(30))},
    mask: {dtype: 'float32', shape: [3, tokens], data: new Float32Array(size).fill(1)},
    targets: {
      ...{dtype: 'float32', shape: [3, tokens, 8]},
      data: Float32Array.from({length: size * 8}, () => random.normal()),
    },
  };
};

export type Model = 'encoder' | 'bilstm';

const optimizer = {weightDecay: 0.01, clipNorm: 1};

export const open = async (model: Model): Promise<{trainer: Trainer; batchAt: (step: number) => Batch}> => {
  const engine = await openEngine({backend: 'jit', threads: 1});
  if (model === 'bilstm') {
    const batchAt = (step: number): Batch => {
      const tokens = step % 2 ? 8 : 4;
      return teacherBatch(sentences([tokens, 2, 3], `s${step}`), {rows: 4, tokens}, `s${step}`);
    };
    const student = {parameters: smallStudent(), loss: distilLoss('idf', 0.2), lazyRows: ['embedding']};
    return {trainer: createTrainer({engine, optimizer, seed: 5, ...student}), batchAt};
  }
  const trainer = createTrainer({
    engine,
    optimizer,
    seed: 5,
    parameters: encoderParameters(),
    lazyRows: ['embeddings.word_embeddings.weight'],
    loss: (p, b, ctx) => {
      const states = encoderStates(p, {ids: b['ids']!, mask: b['mask']!}, ctx, config).at(-1)!;
      return tf.mean(tf.squaredDifference(states, b['targets']!));
    },
  });
  return {trainer, batchAt: encoderBatch};
};

/** From the checkpoint in `folder`, if there is one, to the last step; a checkpoint every `every` steps and at the end. */
export const train = async (model: Model, folder: string, every: number): Promise<void> => {
  const {trainer, batchAt} = await open(model);
  await trainer.restore(folder);
  while (trainer.steps < total) {
    const step = trainer.steps;
    const learningRate = 0.02 * warmupLinear(step, total, 5);
    await trainer.step(batchAt(step), {learningRate, progress: step / total});
    console.log(`step ${trainer.steps}`);
    if (trainer.steps % every === 0 || trainer.steps === total) await trainer.save(folder);
  }
  await trainer.close();
};

const [model, folder, every] = process.argv.slice(2);
if (process.argv[1]?.endsWith('training-process.js')) await train(model as Model, folder!, Number(every));
