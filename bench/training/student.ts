import type * as tf from '@tensorflow/tfjs-core';
import {openEngine} from '../../src/engine/engine.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Batch} from '../../src/engine/types.ts';
import {cosineDistance, weightedMean} from '../../src/math/losses.ts';
import {createRandom} from '../../src/math/random.ts';
import {bilstmSentence, initBilstm} from '../../src/models/bilstm.ts';
import {sentenceBatch} from '../../src/models/sentence-batch.ts';
import type {StepCase} from './step-time.ts';

interface Student {
  readonly batch: number;
  readonly tokens: number;
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly width: number;
}

const batchOf = ({batch, tokens, vocabulary, width}: Student): Batch => {
  const random = createRandom('bench');
  const sentences = Array.from({length: batch}, () => ({
    ids: Int32Array.from({length: tokens}, () => 1 + random.integer(vocabulary - 1)),
    weights: new Float32Array(tokens).fill(1 / tokens),
  }));
  const teacher = Float32Array.from({length: batch * width}, () => random.normal());
  return {
    ...sentenceBatch(sentences, {rows: batch, tokens}),
    teacher: {dtype: 'float32', shape: [batch, width], data: teacher},
  };
};

const stepOf = (name: string, threads: number, student: Student): StepCase => ({
  name,
  threads,
  settings: {model: 'student', ...student},
  texts: student.batch,
  open: async (backend, seed = 0) => {
    const trainer = createTrainer({
      engine: await openEngine({backend, threads}),
      parameters: initBilstm(student, createRandom(seed)),
      seed,
      lazyRows: ['embedding'],
      optimizer: {clipNorm: 1},
      loss: (p, b, ctx) => {
        const vectors = bilstmSentence(p, b, ctx, {pooling: 'idf'});
        return weightedMean(cosineDistance(vectors, b['teacher'] as tf.Tensor2D), b['rowWeights'] as tf.Tensor1D);
      },
    });
    return {trainer, batch: batchOf(student)};
  },
});

const larger = {tokens: 32, vocabulary: 21_128, embedding: 128, hidden: 192, width: 384};
const smaller = {batch: 128, tokens: 16, vocabulary: 20_000, embedding: 100, hidden: 100, width: 512};

/** The student of the default experiment, and a larger one. */
export const studentSteps: readonly StepCase[] = [
  stepOf('default student b128 t16', 1, smaller),
  ...[32, 128].flatMap(batch => [1, 2].map(threads => stepOf(`student b${batch} t32`, threads, {...larger, batch}))),
];
