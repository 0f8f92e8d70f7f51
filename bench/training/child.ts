import type {BackendName} from '../../src/engine/types.ts';
import {encoderSteps} from './encoder.ts';
import {timeStart} from './start.ts';
import {timeSeeds, timeSteps} from './step-time.ts';
import {studentSteps} from './student.ts';

/** What a process of its own measures: TensorFlow reads its thread count once, and seeds share a machine as processes. */
export type ChildJob = {readonly name: string; readonly threads: number} & (
  | {readonly backend: BackendName; readonly runs: number}
  | {readonly seeds: number; readonly steps: number}
  | {readonly start: true}
);

const job = JSON.parse(process.argv[2]!) as ChildJob;
const step = [...studentSteps, ...encoderSteps].find(
  ({name, threads}) => name === job.name && threads === job.threads,
)!;
const measure = (): Promise<object> => {
  if ('seeds' in job) return timeSeeds(step, job.seeds, job.steps);
  return 'start' in job ? timeStart(step) : timeSteps(step, job.backend, job.runs);
};
console.log(`\n${JSON.stringify(await measure())}`);
// TensorFlow's threads keep a process.
process.exit(0);
