import * as tf from '@tensorflow/tfjs-core';
import {createPredictor} from '../engine/predictor.ts';
import {createTrainer} from '../engine/trainer.ts';
import type {Engine, HostTensor} from '../engine/types.ts';
import {createRandom} from '../math/random.ts';
import {bilstmSentence, initBilstm} from '../models/bilstm.ts';
import {sentenceBatch} from '../models/sentence-batch.ts';

export interface EngineSpeed {
  /** Of a product of two matrices 512 × 512, 10⁹ operations a second. */
  readonly gflops: number;
  /** Of one training step of a small BiLSTM (16 texts of 12 tokens, 64 wide), in milliseconds. */
  readonly stepMs: number;
}

/** The least of as many runs as fit into the time, at least one, after one that does not count. */
const leastMs = async (run: () => Promise<unknown>, milliseconds = 100): Promise<number> => {
  await run();
  let least = Infinity;
  const end = performance.now() + milliseconds;
  do {
    const start = performance.now();
    await run();
    least = Math.min(least, performance.now() - start);
  } while (performance.now() < end);
  return least;
};

const size = 512;
const student = {vocabulary: 500, embedding: 64, hidden: 64, width: 64};
const [rows, tokens] = [16, 12];

/** What an engine does on this machine now, other load included. */
export const engineSpeed = async (engine: Engine): Promise<EngineSpeed> => {
  const random = createRandom('speed');
  const matrix = (): HostTensor => ({
    shape: [size, size],
    data: Float32Array.from({length: size * size}, () => random.uniform()),
  });
  // Summed up, so that what is read back is one number.
  const product = createPredictor({
    engine,
    parameters: {a: matrix(), b: matrix()},
    forward: p => tf.sum(tf.matMul(p['a']!, p['b']!)),
  });
  const texts = Array.from({length: rows}, () => ({
    ids: Int32Array.from({length: tokens}, () => 1 + random.integer(student.vocabulary - 1)),
    weights: new Float32Array(tokens).fill(1 / tokens),
  }));
  const batch = sentenceBatch(texts, {rows, tokens});
  const trainer = createTrainer({
    engine,
    parameters: initBilstm(student, random),
    lazyRows: ['embedding'],
    loss: (p, b, ctx) => tf.mean(tf.square(bilstmSentence(p, b, ctx, {pooling: 'idf'}))),
  });
  const productMs = await leastMs(() => product.run({}));
  const stepMs = await leastMs(() => trainer.step(batch, {learningRate: 1e-3, progress: 0}));
  return {gflops: (2 * size ** 3) / productMs / 1e6, stepMs};
};
