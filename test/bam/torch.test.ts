import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {createRandom} from '../../src/math/random.ts';
import {writeSafetensors} from '../../src/io/safetensors.ts';
import {encodeTasks} from '../../src/training/multi-task/encode.ts';
import {epochOrder, mixtureOf} from '../../src/training/multi-task/epoch-order.ts';
import {headLayout} from '../../src/training/multi-task/heads.ts';
import {startFrom} from '../../src/training/multi-task/start.ts';
import {mood, moodExamples, overlap, overlapExamples, tinyEncoder, trainTiny} from './rig.ts';

const file = (name: string): string => fileURLToPath(new URL(`../expected/finetune-torch${name}`, import.meta.url));

// Two tasks in every batch, copies and weights, both orders, an annealed teacher, layer-wise rates, clipping, all at once.
const settings = {learningRate: 2e-3, layerDecay: 0.9, weightDecay: 0.01, epsilon: 1e-6, clipNorm: 1, warmup: 0.1};
const teacherOf = (outputs: number) => {
  const random = createRandom(11);
  const known = new Map<string, Float32Array>();
  return (id: string, swapped: boolean): Float32Array => {
    const key = `${id} ${swapped}`;
    if (!known.has(key)) {
      const values = Array.from({length: outputs}, () => random.uniform());
      const sum = outputs === 1 ? 1 : values.reduce((total, value) => total + value, 0);
      known.set(
        key,
        Float32Array.from(values, value => value / sum),
      );
    }
    return known.get(key)!;
  };
};
const tasks = () => [
  {task: mood, examples: moodExamples(48, 5), bothOrders: false, teacher: teacherOf(2)},
  {task: overlap, examples: overlapExamples(12, 5), bothOrders: true, teacher: teacherOf(1)},
];
const [batch, epochs] = [8, 3];

it("has PyTorch's losses of the first 20 steps", async () => {
  const folder = await tinyEncoder();
  const layout = headLayout([mood, overlap]);
  const random = createRandom(3);
  const start = startFrom(folder, layout, 'new', random);
  const {examples, sizes} = encodeTasks(layout, tasks(), start.tokenizer, 40);
  const mixture = mixtureOf(sizes, {by: 'copies', exponent: 0.5});
  // What every step holds, written out for another program to train on.
  const perEpoch = Math.ceil(mixture.examples / batch);
  const steps = Array.from({length: 20}, (_, step) => {
    const order = epochOrder(
      mixture,
      createRandom(3)
        .fork('order')
        .fork(`epoch-${Math.floor(step / perEpoch)}`),
    );
    const at = (step % perEpoch) * batch;
    return Array.from(order.subarray(at, at + batch), member => {
      const {ids, first, task, gold, teacher} = examples[member]!;
      const head = layout.heads[task]!;
      return {
        ids: [...ids],
        types: Array.from(ids, (_id, piece) => (piece < first ? 0 : 1)),
        ...{start: head.start, score: head.task.kind === 'regression', gold: [...gold], teacher: [...teacher!]},
        weight: mixture.taskWeights[task]!.weight,
      };
    });
  });
  const total = perEpoch * epochs;
  const {width, heads, layers, epsilon} = start.config;
  const input = {config: {width, heads, layers, epsilon}, settings, total, warmup: Math.round(0.1 * total), steps};
  const text = `${JSON.stringify(input)}\n`;
  if (process.env['WRITE']) {
    writeFileSync(file('-input.json'), text);
    writeSafetensors(file('-input.safetensors'), start.parameters);
  }
  // Else the expected losses are of something else than what is trained here.
  expect(readFileSync(file('-input.json'), 'utf8')).toBe(text);
  const {losses} = await trainTiny({folder, tasks: tasks(), mixture, batch, epochs, ...settings});
  const expected = (JSON.parse(readFileSync(file('.json'), 'utf8')) as {losses: number[]}).losses;
  expect(expected).toHaveLength(20);
  for (const [step, loss] of expected.entries()) expect(Math.abs(losses[step]! - loss), `step ${step + 1}`).toBeLessThan(1e-3); // prettier-ignore
});
