import * as tf from '@tensorflow/tfjs-core';
import {openEngine} from '../../src/engine/engine.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Batch, HostTensor} from '../../src/engine/types.ts';
import {createRandom} from '../../src/math/random.ts';
import {encoderStates} from '../../src/models/encoder.ts';
import type {EncoderConfig} from '../../src/models/encoder-config.ts';
import {encoderShapes} from '../../src/models/encoder-names.ts';
import type {StepCase} from './step-time.ts';

const [batch, tokens] = [32, 64];

const configOf = (layers: number, width: number, heads: number): EncoderConfig => ({
  ...{layers, width, heads, inner: 4 * width, vocabulary: 30_522, positions: 512, tokenTypes: 2, epsilon: 1e-12},
  ...{activation: 'gelu', dropout: 0, attentionDropout: 0},
});

const parametersOf = (config: EncoderConfig): Record<string, HostTensor> => {
  const random = createRandom(1);
  const tensor = (name: string, shape: readonly number[]): HostTensor => {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const isScale = name.includes('LayerNorm.weight');
    const number = (): number => (isScale ? 1 : shape.length > 1 ? random.normal() * 0.02 : 0);
    return {shape, data: Float32Array.from({length: size}, number)};
  };
  return Object.fromEntries([...encoderShapes(config)].map(([name, shape]) => [name, tensor(name, shape)]));
};

const batchOf = ({vocabulary, width}: EncoderConfig): Batch => {
  const random = createRandom('bench');
  const floats = (shape: readonly number[], number: () => number): Batch[string] => {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    return {dtype: 'float32', shape, data: Float32Array.from({length: size}, number)};
  };
  return {
    ids: {dtype: 'int32', shape: [batch, tokens], data: Int32Array.from({length: batch * tokens}, () => random.integer(vocabulary))}, // prettier-ignore
    mask: floats([batch, tokens], () => 1),
    teacher: floats([batch, tokens, width], () => random.normal()),
  };
};

/** Multiplications and additions of the products of one forward and backward pass, the latter twice the former. */
const encoderOperations = ({layers, width, inner}: EncoderConfig): number => {
  const rows = batch * tokens;
  const attention = 4 * rows * tokens * width;
  return 3 * layers * (8 * rows * width ** 2 + 4 * rows * width * inner + attention);
};

/** A step towards given states of all tokens, without dropout. */
const stepOf = (threads: number, config: EncoderConfig): StepCase => ({
  name: `encoder ${config.layers}x${config.width} b${batch} t${tokens}`,
  threads,
  settings: {...config, model: 'encoder', batch, tokens},
  texts: batch,
  open: async (backend, seed = 0) => {
    const trainer = createTrainer({
      engine: await openEngine({backend, threads}),
      parameters: parametersOf(config),
      seed,
      lazyRows: ['embeddings.word_embeddings.weight'],
      optimizer: {clipNorm: 1, weightDecay: 0.01},
      loss: (p, b, ctx) => {
        const states = encoderStates(p, {ids: b['ids']!, mask: b['mask']!}, ctx, config).at(-1)!;
        return tf.mean(tf.squaredDifference(states, b['teacher']!));
      },
    });
    return {trainer, batch: batchOf(config)};
  },
});

const large = configOf(6, 384, 12);

export const encoderSteps: readonly StepCase[] = [configOf(2, 128, 2), large].flatMap(config =>
  [1, 2].map(threads => stepOf(threads, config)),
);

/** The large one, of which nearly all work is products. */
export const largeEncoder = {steps: encoderSteps.slice(-2), operations: encoderOperations(large)};
