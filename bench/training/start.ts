import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import type {Batch, Trainer} from '../../src/engine/types.ts';
import type {StepCase} from './step-time.ts';

/** What the first step of a process takes, an ordinary one, and the largest resident set after three; milliseconds and MB. */
export interface StartTime {
  readonly firstMs: number;
  readonly firstCpuMs: number;
  readonly stepMs: number;
  readonly stepCpuMs: number;
  readonly megabytes: number;
}

const settings = {learningRate: 1e-3, progress: 0};

const timed = async (trainer: Trainer, batch: Batch): Promise<{ms: number; cpuMs: number}> => {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await trainer.step(batch, settings);
  const {user, system} = process.cpuUsage(before);
  return {ms: performance.now() - start, cpuMs: (user + system) / 1e3};
};

/** MB. Not resourceUsage().maxRSS: a process that another one starts begins with that one's largest, as Linux counts it. */
const largestResident = (): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

/** In a process that has done nothing else. */
export const timeStart = async ({open}: StepCase): Promise<StartTime> => {
  const {trainer, batch} = await open('jit');
  const first = await timed(trainer, batch);
  await trainer.step(batch, settings);
  const later = await timed(trainer, batch);
  await trainer.close();
  return {
    ...{firstMs: first.ms, firstCpuMs: first.cpuMs, stepMs: later.ms, stepCpuMs: later.cpuMs},
    megabytes: largestResident(),
  };
};

/** Rates in GFLOP/s: of the products of forward and backward in a step's own time for both, and of a product alone. */
export interface ProductShare {
  readonly step: number;
  readonly peak: number;
}

const size = 1024;

const least = async (runs: number, work: () => Promise<unknown>): Promise<number> => {
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
};

/** `operations` of one forward and backward pass; the best of `runs` for the step and of ten for the product. */
export const productShare = async (
  {open, threads}: StepCase,
  operations: number,
  runs: number,
): Promise<ProductShare> => {
  const data = new Float32Array(size * size).fill(0.5);
  const product = createPredictor({
    engine: await openEngine({backend: 'jit', threads}),
    parameters: {a: {shape: [size, size], data}, b: {shape: [size, size], data}},
    forward: p => tf.sum(tf.matMul(p['a']!, p['b']!)),
  });
  const peak = (2 * size ** 3) / (await least(10, () => product.run({}))) / 1e6;
  await product.close();
  const {trainer, batch} = await open('jit');
  await trainer.gradients(batch);
  const step = operations / (await least(runs, () => trainer.gradients(batch))) / 1e6;
  await trainer.close();
  return {step, peak};
};
