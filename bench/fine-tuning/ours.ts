import {execFile} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';
import {accuracy, matthews} from '../../src/math/metrics.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {readPredictions} from '../../src/evaluation/predictions.ts';
import {repository} from '../harness/places.ts';

export type TaskName = 'rte' | 'cola';

const execute = promisify(execFile);

/** Files of papers/bam.yaml's profile `small`; runs of the pipeline itself leave them here too. */
export const artifact = (name: string): string => path.join(repository, 'artifacts/bam-small', name);

/** Single-task trainings of our own; null, or why there are none. */
export const ranPipeline = async (task: TaskName, seeds: readonly number[]): Promise<string | null> => {
  const {BENCH_GLUE: glue, BENCH_TEACHER: teacher} = process.env;
  if (!glue || !teacher)
    return 'set BENCH_GLUE to the folder with RTE and CoLA, BENCH_TEACHER to that of all-MiniLM-L6-v2';
  const options = ['-f', 'papers/bam.yaml', '--profile', 'small', '--set', `data.glue=${path.resolve(glue)}`];
  const instances = seeds.map(seed => `single@task=${task},seed=${seed}`);
  const args = ['bin/pipeline.js', 'run', ...options, '--set', `teacher=${path.resolve(teacher)}`, ...instances];
  try {
    await execute(process.execPath, args, {cwd: repository, maxBuffer: 2 ** 26});
    return null;
  } catch (error) {
    return (error as {stderr?: string}).stderr?.trim().split('\n').at(-1) ?? String(error);
  }
};

/** The task's own metric: accuracy, or Matthews' correlation for CoLA. */
export const scoreOf = (task: TaskName, labels: readonly string[], answers: readonly string[]): number =>
  (task === 'cola' ? matthews : accuracy)(labels, answers);

export const ourScore = async (task: TaskName, seed: number): Promise<number> => {
  const file = artifact(`single/task=${task},seed=${seed}/predictions/${task}.dev.arrow`);
  const {labels, predictions} = readPredictions(file, await loadTask(task));
  return scoreOf(task, labels as string[], predictions as string[]);
};
