import {availableParallelism, totalmem} from 'node:os';
import type {Executor} from '../../contract/executor.ts';
import type {Capacity} from './resource-pool.ts';

/** Elsewhere there is a queue: it has all that is ready. */
export const defaultJobs = (executor: Pick<Executor, 'name' | 'find'>): number =>
  executor.find === undefined ? availableParallelism() : 10_000;

/** What jobs may use together. Those that run elsewhere do not share this machine. */
export const capacityFor = ({name}: Pick<Executor, 'name'>, jobs: number): Capacity => {
  if (name !== 'local') return {cpus: Infinity, memoryMb: Infinity, gpus: Infinity};
  const visible = process.env['CUDA_VISIBLE_DEVICES']?.split(',').filter(device => device !== '').length;
  // Who asks for more jobs than there are cores has a reason.
  return {cpus: Math.max(jobs, availableParallelism()), memoryMb: totalmem() / 2 ** 20, gpus: visible ?? 1};
};
