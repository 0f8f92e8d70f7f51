import {describe, expect, it} from 'vitest';
import {createRandom} from '../../src/math/random.ts';
import type {Parameters} from '../../src/engine/types.ts';
import {createLossCurve} from '../../src/training/loss-curve.ts';
import {scratchFolder} from '../stage-rig.ts';
import {accuracyOf, mood, moodExamples, overlap, overlapExamples, tinyEncoder, trainTiny} from './rig.ts';

const both = [
  {task: mood, examples: moodExamples(24, 1)},
  {task: overlap, examples: overlapExamples(24, 1), bothOrders: true},
];
const labels = ['bad', 'good'];

const largest = (a: Parameters, b: Parameters): number =>
  Math.max(...Object.entries(a).map(([name, {data}]) => data.reduce((most, value, at) => Math.max(most, Math.abs(value - b[name]!.data[at]!)), 0))); // prettier-ignore

describe('what distillation must equal', () => {
  it('is no distillation, to the byte, where gold weighs 1 throughout', async () => {
    const folder = await tinyEncoder();
    const plain = await trainTiny({folder, tasks: both, dropout: 0.1});
    const noise = createRandom(5);
    const teacher = (outputs: number) => () => Float32Array.from({length: outputs}, () => noise.uniform());
    const tasks = both.map((own, at) => ({...own, teacher: teacher(at === 0 ? 2 : 1)}));
    const taught = await trainTiny({folder, tasks, dropout: 0.1, goldWeight: 1});
    expect(taught.parameters).toEqual(plain.parameters);
    expect(taught.losses).toEqual(plain.losses);
    const half = await trainTiny({folder, tasks, dropout: 0.1, goldWeight: 0.5});
    expect(largest(half.parameters, plain.parameters)).toBeGreaterThan(1e-3);
  });

  it('is plain training to 1e-6 where the teacher answers with the gold labels, annealed', async () => {
    const folder = await tinyEncoder();
    const plain = await trainTiny({folder, tasks: both});
    const gold = both.map(({task, examples}) => ({
      task,
      examples,
      bothOrders: task === overlap,
      teacher: (id: string) => {
        const {label} = examples.find(example => example.id === id)!;
        return task === mood
          ? Float32Array.from(labels, name => (name === label ? 1 : 0))
          : Float32Array.of(Number(label) / 4);
      },
    }));
    const taught = await trainTiny({folder, tasks: gold});
    expect(largest(taught.parameters, plain.parameters)).toBeLessThan(1e-6);
  });
});

describe('what is learnt', () => {
  it('32 examples are memorised, whatever their labels', async () => {
    const folder = await tinyEncoder();
    const random = createRandom(9);
    const examples = moodExamples(32, 2).map(example => ({...example, label: labels[random.integer(2)]!}));
    const {predict} = await trainTiny({folder, tasks: [{task: mood, examples}], epochs: 120, learningRate: 5e-3});
    expect(accuracyOf(await predict(mood, examples), examples, labels)).toBe(1);
  });

  it('a rule is found on new examples, and with shuffled labels there is only chance', async () => {
    const folder = await tinyEncoder();
    const [examples, fresh] = [moodExamples(160, 3), moodExamples(200, 4)];
    const train = {folder, epochs: 12, learningRate: 5e-3};
    const honest = await trainTiny({...train, tasks: [{task: mood, examples}]});
    expect(accuracyOf(await honest.predict(mood, fresh), fresh, labels)).toBeGreaterThan(0.95);
    const order = createRandom(1).shuffle(examples.map(({label}) => label));
    const shuffled = examples.map((example, at) => ({...example, label: order[at]!}));
    const blind = await trainTiny({...train, tasks: [{task: mood, examples: shuffled}]});
    // 200 coins: a deviation of .035.
    const found = accuracyOf(await blind.predict(mood, fresh), fresh, labels);
    expect(Math.abs(found - 0.5)).toBeLessThan(0.14);
  });
});

it('a training that was killed ends with the same bytes', async () => {
  const folder = await tinyEncoder();
  // 24 + 48 examples in batches of 4: 18 steps an epoch, a checkpoint after 200.
  const options = {folder, tasks: both, batch: 4, epochs: 14, dropout: 0.1};
  const whole = await trainTiny(options);
  const checkpoints = await scratchFolder();
  const stop = new AbortController();
  const onStep = (step: number): void => {
    if (step === 231) stop.abort(new Error('killed'));
  };
  await expect(trainTiny({...options, checkpoints, signal: stop.signal, onStep})).rejects.toThrow('killed');
  const steps: number[] = [];
  const curve = createLossCurve();
  const rest = await trainTiny({...options, checkpoints, curve, onStep: step => void steps.push(step)});
  expect(steps).toEqual(Array.from({length: 52}, (_, at) => 201 + at));
  expect(rest.parameters).toEqual(whole.parameters);
  expect(curve.points()).toEqual(whole.curve.points());
});
