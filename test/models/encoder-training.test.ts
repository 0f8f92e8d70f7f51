import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Batch, BackendName} from '../../src/engine/types.ts';
import {readSafetensors} from '../../src/io/safetensors.ts';
import {encoderStates, maskedWordLogits, pooledState, sequenceLogits} from '../../src/models/encoder.ts';
import {readEncoderFolder} from '../../src/models/encoder-folder.ts';
import {checkpointName} from '../../src/models/encoder-names.ts';
import {readEncoderWeights} from '../../src/models/encoder-weights.ts';
import {saveEncoder} from '../../src/models/save-encoder.ts';
import {scratchFolder} from '../stage-rig.ts';

const tiny = fileURLToPath(new URL('../expected/tiny-bert', import.meta.url));
const {config} = readEncoderFolder(tiny);
const noDropout = {...config, dropout: 0, attentionDropout: 0};
const {parameters, parts} = readEncoderWeights(tiny, config, 'all');
// bench/reference/tiny_bert.py: torch 2.13.0, transformers 5.23.0.
const outputs = readSafetensors(join(tiny, 'outputs.safetensors')).tensors;
const gradients = readSafetensors(join(tiny, 'gradients.safetensors')).tensors;

const ids = Int32Array.of(2, 7, 9, 11, 13, 3, 2, 21, 3, 33, 3, 0, 2, 49, 3, 0, 0, 0);
const mask = Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0);
const batch: Batch = {
  ids: {dtype: 'int32', shape: [3, 6], data: ids},
  types: {dtype: 'int32', shape: [3, 6], data: Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0)},
  mask: {dtype: 'float32', shape: [3, 6], data: mask},
  labels: {dtype: 'float32', shape: [3, 3], data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)},
  targets: {
    ...{dtype: 'float32', shape: [18, 50]},
    data: Float32Array.from({length: 18 * 50}, (_, at) => (ids[Math.floor(at / 50)] === at % 50 ? mask[Math.floor(at / 50)]! : 0)), // prettier-ignore
  },
  stateWeights: {
    ...{dtype: 'float32', shape: [3, 6, 16]},
    data: Float32Array.from({length: 288}, (_, at) => Math.sin(at) * mask[Math.floor(at / 16)]!),
  },
};

const worst = (a: Float32Array, b: Float32Array, where: (at: number) => boolean = () => true): number =>
  a.reduce((most, value, at) => (where(at) ? Math.max(most, Math.abs(value - b[at]!)) : most), 0);

describe.each<BackendName>(['jit', 'cpu'])('the encoder in tfjs operations, backend %s', backend => {
  it("has PyTorch's states and the outputs of its heads", async () => {
    const predictor = createPredictor({
      engine: await openEngine({backend, threads: 1}),
      parameters,
      forward: (p, b, ctx) => {
        const states = encoderStates(p, {ids: b['ids']!, mask: b['mask']!, types: b['types']!}, ctx, config).at(-1)!;
        return [
          states,
          pooledState(p, states),
          sequenceLogits(p, states, ctx, config),
          maskedWordLogits(p, states, config),
        ];
      },
    });
    const {ids: own, types, mask: ownMask} = batch as Required<typeof batch>;
    const [states, pooled, labels, mlm] = await predictor.run({ids: own!, types: types!, mask: ownMask!});
    await predictor.close();
    const isToken = (width: number) => (at: number) => mask[Math.floor(at / width)] === 1;
    expect(worst(states!, outputs['states']!.data, isToken(16))).toBeLessThan(2e-5);
    expect(worst(pooled!, outputs['pooled']!.data)).toBeLessThan(2e-5);
    expect(worst(labels!, outputs['labels']!.data)).toBeLessThan(2e-5);
    expect(worst(mlm!, outputs['mlm']!.data, isToken(50))).toBeLessThan(2e-5);
  });

  it("has PyTorch's gradients by every weight", async () => {
    const trainer = createTrainer({
      engine: await openEngine({backend, threads: 1}),
      parameters,
      loss: (p, b, ctx) => {
        const tokens = {ids: b['ids']!, mask: b['mask']!, types: b['types']!};
        const states = encoderStates(p, tokens, ctx, noDropout).at(-1)!;
        const entropy = (logits: tf.Tensor, targets: tf.Tensor, count: number) =>
          tf.div(tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), targets))), count);
        const weighted = tf.mul(tf.sum(tf.mul(states, b['stateWeights']!)), 0.1);
        const ofLabels = entropy(sequenceLogits(p, states, ctx, noDropout), b['labels']!, 3);
        const ofWords = entropy(maskedWordLogits(p, states, noDropout), b['targets']!, 14);
        return tf.add<tf.Scalar>(tf.add(weighted, ofLabels), ofWords);
      },
    });
    const found = await trainer.gradients(batch);
    await trainer.close();
    expect(found.loss).toBeCloseTo(outputs['loss']!.data[0]!, 4);
    expect(Object.keys(gradients)).toHaveLength(Object.keys(parameters).length);
    for (const name of Object.keys(parameters)) {
      const expected = gradients[`d ${checkpointName(name, parts)}`]!.data;
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
      expect(worst(found.gradients[name]!.data, expected) / largest, name).toBeLessThan(2e-4);
    }
  });
});

it('an encoder is saved in the names that it came in', async () => {
  const folder = join(await scratchFolder(), 'saved');
  saveEncoder(folder, {parameters, parts, from: tiny});
  const [saved, original] = [folder, tiny].map(place => readSafetensors(join(place, 'model.safetensors')));
  expect(saved!.tensors).toEqual(original!.tensors);
  expect(readEncoderWeights(folder, readEncoderFolder(folder).config, 'all').parameters).toEqual(parameters);
});
