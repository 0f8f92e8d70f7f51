import type {Batch, Trainer} from '../../src/engine/types.ts';
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
  readonly ours: (runs: number) => Promise<StepTime>;
}

/** Three steps to trace and to warm up, then `runs` that count. */
export const timeSteps = async (trainer: Trainer, batch: Batch, runs: number): Promise<StepTime> => {
  const settings = {learningRate: 1e-3, progress: 0};
  for (let warm = 0; warm < 3; warm++) await trainer.step(batch, settings);
  const wall: number[] = [];
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await trainer.step(batch, settings);
    wall.push(performance.now() - start);
  }
  const {user, system} = process.cpuUsage(before);
  return {ms: median(wall), cpuMs: (user + system) / 1e3 / runs};
};
