import type {Task} from '../tasks/task.ts';
import {readScoreFile} from './score-cells.ts';

/**
 * The seed with the best mean dev score of an arm, each task by its first metric: how a paper chooses the model that it
 * submits. Only seeds that every scored task has count; of equal ones the lowest.
 */
export const bestSeed = (paths: readonly string[], arm: string, tasks: readonly Task[]): number => {
  const metrics = new Map(tasks.map(({name, primaryMetric}) => [name, primaryMetric]));
  const own = paths
    .flatMap(path => readScoreFile(path))
    .filter(score => score.arm === arm && score.split === 'dev' && score.metric === metrics.get(score.task));
  const names = new Set(own.map(({task}) => task));
  const seeds = [...new Set(own.flatMap(({seed}) => (seed === null ? [] : [seed])))].sort((a, b) => a - b);
  let best: {seed: number; mean: number} | null = null;
  for (const seed of seeds) {
    const values = own.filter(score => score.seed === seed).map(({value}) => value);
    if (values.length !== names.size) continue;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    if (best === null || mean > best.mean) best = {seed, mean};
  }
  if (best === null)
    throw new Error(`The input \`scores\` has no dev scores of the arm "${arm}" that a seed could be chosen by. Give evaluate's scores, or name the seed.`); // prettier-ignore
  return best.seed;
};
