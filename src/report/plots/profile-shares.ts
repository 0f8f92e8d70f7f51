import {performanceProfile, type ProfilePoint as PointOfArm} from '../../math/performance-profile.ts';
import {armsOf, rowId, type Cell} from '../cells.ts';
import type {Results} from '../results.ts';
import {shownCells} from './seeds-by-arm.ts';

/** `threshold` is a score × 100, `share` that of runs × tasks above it, tasks counting alike. */
export interface ProfilePoint extends PointOfArm {
  readonly arm: string;
}

const places = 41;
const resamples = 1000;

/** Runs of each task, per arm; only tasks that all arms have, since a profile over other tasks is another profile. */
const matrix = (results: Results): Map<string, readonly (readonly number[])[]> => {
  const cells = shownCells(results);
  const arms = armsOf(cells.map(c => c.arm));
  const rows = [...new Set(cells.map(rowId))];
  const cellOf = new Map(cells.map(c => [`${rowId(c)}\0${c.arm}`, c]));
  const shared = rows.filter(row => arms.every(arm => cellOf.has(`${row}\0${arm}`)));
  return new Map(
    arms.map(arm => [arm, shared.map(row => (cellOf.get(`${row}\0${arm}`) as Cell).values.map(v => 100 * v))]),
  );
};

/**
 * Performance profiles (Agarwal et al. 2021, section 4.2): τ ↦ share of runs × tasks above τ, with the pointwise 95 %
 * interval of a bootstrap that draws runs within each task. Empty for fewer than two tasks or arms of several runs.
 */
export const profilePoints = (results: Results): ProfilePoint[] => {
  const several = [...matrix(results)].filter(([, tasks]) => tasks.length > 1 && tasks.every(runs => runs.length > 1));
  if (several.length < 2) return [];
  const all = several.flatMap(([, tasks]) => tasks.flat());
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const thresholds = Array.from({length: places}, (_, i) => low + ((high - low) * i) / (places - 1));
  return several.flatMap(([arm, tasks]) =>
    performanceProfile(tasks, thresholds, {resamples, seed: `profile ${arm}`}).map(point => ({arm, ...point})),
  );
};
