import {mean, quantileInPlace} from './descriptive.ts';
import type {Numbers} from './ranks.ts';
import {checkCount, checkSample, checkShare} from './samples.ts';
import {checkTable, type ScoreTable} from './score-table.ts';
import {stratifiedResamples, type StratifiedOptions} from './stratified-bootstrap.ts';

export interface ProfilePoint {
  readonly threshold: number;
  /** Share of runs above the threshold, mean over tasks. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Performance profile (Agarwal et al. 2021, section 4.2): for each threshold the share of scores strictly above it, with a
 * pointwise stratified bootstrap interval (not simultaneous: of twenty thresholds one may lie outside).
 *
 * @param scores [task][run]
 */
export const performanceProfile = (
  scores: ScoreTable,
  thresholds: Numbers,
  options: StratifiedOptions = {},
): ProfilePoint[] => {
  const {confidence = 0.95, resamples = 2000} = options;
  checkShare('confidence', confidence);
  checkCount('resamples', resamples);
  checkTable(scores);
  checkSample('thresholds', thresholds);
  const resampled = Array.from(thresholds, () => new Float64Array(resamples));
  let at = 0;
  stratifiedResamples(
    [scores],
    ([table]) => {
      for (let point = 0; point < thresholds.length; point++)
        resampled[point]![at] = shareAbove(table!, thresholds[point]!);
      return at++;
    },
    options,
  );
  const tail = (1 - confidence) / 2;
  return Array.from(thresholds, (threshold, point) => ({
    threshold,
    share: shareAbove(scores, threshold),
    low: quantileInPlace(resampled[point]!, tail),
    high: quantileInPlace(resampled[point]!, 1 - tail),
  }));
};

const shareAbove = (scores: ScoreTable, threshold: number): number =>
  mean(
    scores.map(runs => {
      let above = 0;
      for (let at = 0; at < runs.length; at++) if (runs[at]! > threshold) above++;
      return above / runs.length;
    }),
  );
