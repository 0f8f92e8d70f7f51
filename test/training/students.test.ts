import type * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Parameters} from '../../src/engine/types.ts';
import {squaredDistance, weightedMean} from '../../src/math/losses.ts';
import {createRandom} from '../../src/math/random.ts';
import {openStudentNetwork} from '../../src/models/open-student.ts';
import {sentenceBatch} from '../../src/models/sentence-batch.ts';
import type {StudentNetwork} from '../../src/models/student.ts';
import {sentences} from '../engine/student.ts';

const width = 7;
const shape = {embedding: 6, hidden: 4, pooling: 'idf', settings: {}} as const;
const kinds = [
  {name: 'bilstm', model: 'bilstm', settings: {}},
  {name: 'bilstm of two layers', model: 'bilstm', settings: {layers: 2}},
  {name: 'static', model: 'static', settings: {}},
  {name: 'static as wide as the teacher', model: 'static', settings: {map: 'none', gate: false}, embedding: width},
  {name: 'conv', model: 'conv', settings: {}},
  {name: 'encoder', model: 'encoder', settings: {heads: 2}, hidden: 16},
] as const;

const open = (kind: {readonly model: string; readonly settings: Record<string, unknown>}): Promise<StudentNetwork> =>
  openStudentNetwork({...shape, ...kind}, {vocabulary: 30, width});

const vectors = async (
  network: StudentNetwork,
  parameters: Parameters,
  lengths: number[],
  size: {rows: number; tokens: number},
) => {
  const predictor = createPredictor({
    engine: await openEngine({backend: 'jit', threads: 1}),
    parameters,
    forward: (p, batch, ctx) => network.sentence(p, batch, ctx),
  });
  const texts = sentences([5, 1, 3], 'texts').filter((_, at) => lengths.includes(at));
  const [found] = await predictor.run(sentenceBatch(texts, {...size, directions: network.directions}));
  await predictor.close();
  return found!;
};

test.each(kinds)('$name: padding and neighbours never change a vector', async kind => {
  const network = await open(kind);
  const parameters = network.init(createRandom('student'));
  const together = await vectors(network, parameters, [0, 1, 2], {rows: 4, tokens: 8});
  for (const at of [0, 1, 2]) {
    const alone = await vectors(network, parameters, [at], {rows: 1, tokens: [5, 1, 3][at]!});
    expect(alone).toHaveLength(width);
    alone.forEach((value, column) => expect(together[at * width + column]).toBeCloseTo(value, 6));
  }
});

test.each(kinds)('$name: analytic gradients equal differences', async kind => {
  const network = await open(kind);
  // Embeddings of about unit size: at .1 the slopes of layer norms change within any step that float32 can tell from none.
  const initial = network.init(createRandom('student'));
  const {shape: table, data: rows} = initial['embedding']!;
  const parameters = {...initial, embedding: {shape: table, data: rows.map(value => 10 * value)}};
  const batch = {
    ...sentenceBatch(sentences([4, 2], 'texts'), {rows: 2, tokens: 4, directions: network.directions}),
    teacher: {
      dtype: 'float32' as const,
      shape: [2, width],
      data: Float32Array.from({length: 2 * width}, (_, i) => Math.sin(i)),
    },
  };
  const trainerOf = async (own: Parameters) =>
    createTrainer({
      engine: await openEngine({backend: 'jit', threads: 1}),
      parameters: own,
      lazyRows: network.tables.filter(name => name in own),
      loss: (p, b, ctx) => {
        const distance = squaredDistance(network.sentence(p, b, ctx), b['teacher'] as tf.Tensor2D);
        return weightedMean(distance, b['rowWeights'] as tf.Tensor1D);
      },
    });
  const gradientsAt = async (own: Parameters) => {
    const trainer = await trainerOf(own);
    const found = await trainer.gradients(batch);
    await trainer.close();
    return found;
  };
  const {gradients} = await gradientsAt(parameters);
  // Along one direction through all parameters at once.
  const random = createRandom('direction');
  const direction = Object.fromEntries(
    Object.entries(parameters).map(([name, {data}]) => [name, data.map(() => random.normal())]),
  );
  const lossAt = async (by: number): Promise<number> => {
    const moved = Object.fromEntries(
      Object.entries(parameters).map(([name, {shape: dims, data}]) => [
        name,
        {shape: dims, data: data.map((value, at) => value + by * direction[name]![at]!)},
      ]),
    );
    return (await gradientsAt(moved)).loss;
  };
  const slope = async (h: number): Promise<number> => ((await lossAt(h)) - (await lossAt(-h))) / (2 * h);
  // Richardson: what is left of the error is of the fourth order.
  const numeric = (4 * (await slope(0.002)) - (await slope(0.004))) / 3;
  const analytic = Object.entries(gradients).reduce(
    (sum, [name, {data}]) => sum + data.reduce((own, value, at) => own + value * direction[name]![at]!, 0),
    0,
  );
  expect(analytic / numeric).toBeCloseTo(1, 2);
});
