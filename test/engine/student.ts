import type * as tf from '@tensorflow/tfjs-core';
import type {Batch, LossFunction, Parameters} from '../../src/engine/types.ts';
import {cosineDistance, weightedMean} from '../../src/math/losses.ts';
import {createRandom} from '../../src/math/random.ts';
import {bilstmSentence, initBilstm, type Pooling} from '../../src/models/bilstm.ts';
import {sentenceBatch, type WeightedIds} from '../../src/models/sentence-batch.ts';
import {normals} from './numbers.ts';

/** A student small enough for the cpu backend. */
export const shape = {vocabulary: 30, embedding: 6, hidden: 5, width: 7};

export const smallStudent = (seed = 'student'): Parameters => initBilstm(shape, createRandom(seed));

/** Sentences of the given lengths; ids repeat within and across sentences. */
export const sentences = (lengths: readonly number[], seed: string): WeightedIds[] => {
  const random = createRandom(seed);
  return lengths.map(length => {
    const raw = Array.from({length}, () => 0.2 + random.uniform());
    const sum = raw.reduce((a, b) => a + b, 0);
    const ids = Int32Array.from({length}, () => 1 + random.integer(11));
    return {ids, weights: Float32Array.from(raw, weight => weight / sum)};
  });
};

/** A batch with a teacher vector per row; rows beyond the sentences are empty. */
export const teacherBatch = (
  texts: readonly WeightedIds[],
  size: {rows: number; tokens: number},
  seed: string,
): Batch => {
  const {shape: dims, data} = normals([size.rows, shape.width], seed);
  data.fill(0, texts.length * shape.width);
  return {...sentenceBatch(texts, size), teacher: {dtype: 'float32', shape: dims, data}};
};

export const distilLoss =
  (pooling: Pooling = 'idf', dropout = 0): LossFunction =>
  (p, batch, ctx) => {
    const student = ctx.dropout(bilstmSentence(p, batch, ctx, {pooling}), dropout);
    const distances = cosineDistance(student, batch['teacher'] as tf.Tensor2D);
    return weightedMean(distances, batch['rowWeights'] as tf.Tensor1D);
  };
