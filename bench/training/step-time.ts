import type {BackendName, Batch, Trainer} from '../../src/engine/types.ts';
import {median} from '../harness/timing.ts';

/** Median wall time and mean CPU time (all threads) of one step, in milliseconds. */
export interface StepTime {
  readonly ms: number;
  readonly cpuMs: number;
}

/** What a step of a training costs, ours and the peer's. */
export interface StepCase {
  readonly name: string;
  readonly threads: number;
  /** Sizes as the peer's script reads them. */
  readonly settings: Readonly<Record<string, number | string>>;
  readonly texts: number;
  /** Parameters, batch and loss on a backend, ready to step. */
  readonly open: (backend: BackendName, seed?: number) => Promise<{readonly trainer: Trainer; readonly batch: Batch}>;
}

const settings = {learningRate: 1e-3, progress: 0};

/** Three steps to trace and to warm up, then `runs` that count. */
export const timeSteps = async ({open}: StepCase, backend: BackendName, runs: number): Promise<StepTime> => {
  const {trainer, batch} = await open(backend);
  for (let warm = 0; warm < 3; warm++) await trainer.step(batch, settings);
  const wall: number[] = [];
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await trainer.step(batch, settings);
    wall.push(performance.now() - start);
  }
  const {user, system} = process.cpuUsage(before);
  await trainer.close();
  return {ms: median(wall), cpuMs: (user + system) / 1e3 / runs};
};

/** Seconds, by the clock and of all threads, that `seeds` trainings of `steps` steps take, one after another, from nothing. */
export const timeSeeds = async (
  {open}: StepCase,
  seeds: number,
  steps: number,
): Promise<{readonly seconds: number; readonly cpuSeconds: number}> => {
  const [start, before] = [performance.now(), process.cpuUsage()];
  for (let seed = 0; seed < seeds; seed++) {
    const {trainer, batch} = await open('jit', seed);
    for (let step = 0; step < steps; step++) await trainer.step(batch, settings);
    await trainer.close();
  }
  const {user, system} = process.cpuUsage(before);
  return {seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6};
};
