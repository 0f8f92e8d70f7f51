import {median} from '../../math/descriptive.ts';
import {fixed} from '../format.ts';
import type {Results} from '../results.ts';
import {armRuns, coveredMean, seedValues, type Measure} from './measured.ts';

/** `98.2 % (4 of the paper's 9 columns)`: the student's average over its teacher's, medians over seeds; null without both. */
export const retained = (
  results: Results,
  average: Extract<Measure, {kind: 'mean'}>,
  {student, teacher}: {readonly student: string; readonly teacher: string},
): string | null => {
  const arms = armRuns(results, [student, teacher]);
  const [ours] = arms.filter(runs => runs.arm === student);
  const [its] = arms.filter(runs => runs.arm === teacher);
  const covered = ours && its ? coveredMean(average, arms) : null;
  if (!ours || !its || !covered) return null;
  const centre = (runs: typeof ours): number => median(seedValues(runs, covered.measure).map(run => run.value));
  const share = fixed((100 * centre(ours)) / centre(its), 1);
  return covered.tasks.length === covered.of
    ? `${share} %`
    : `${share} % (${covered.tasks.length} of the paper's ${covered.of} columns)`;
};
