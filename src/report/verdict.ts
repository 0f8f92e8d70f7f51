import {bootstrapInterval} from '../math/bootstrap-interval.ts';
import {benjaminiHochberg, holm} from '../math/correction.ts';
import {median, medianInPlace} from '../math/descriptive.ts';
import {rankTest} from './comparisons.ts';

/** The runs of one cell at two commits. */
export interface Pair {
  readonly old: readonly number[];
  readonly now: readonly number[];
  /** Differences of medians up to this are of no interest; 0 where nothing was said. */
  readonly tolerance: number;
}

export interface Verdict {
  /** Two-sided exact Mann-Whitney over seeds; null where a side has one run. */
  readonly p: number | null;
  readonly adjusted: number | null;
  /** 95 % percentile bootstrap of the difference of medians, new − old; null where a side has one run. */
  readonly interval: readonly [number, number] | null;
  /** A12: how often a new run beats an old one, ties counting half. */
  readonly effect: number | null;
  /** `noise` or `changed`; in brackets what the word does not rest on. */
  readonly verdict: 'noise' | 'within tolerance' | 'changed' | 'changed (one seed)' | 'changed (too few seeds to test)';
}

export type Correction = 'holm' | 'benjamini-hochberg';

export interface Verdicts {
  readonly correction: Correction;
  readonly verdicts: readonly Verdict[];
}

const level = 0.05;

/**
 * Whether each difference is more than seed noise, over all cells that differ at all.
 *
 * Holm's correction over these cells. It has a blind spot: with 5 seeds a side no p is below .008, so Holm over seven
 * cells could call nothing changed, however far apart the runs are. Where Holm is that blind the words follow
 * Benjamini-Hochberg, and the report says so. Where no correction can reach .05 (3 seeds: p ≥ .1), fully separated runs
 * are called changed but untested, overlapping ones noise.
 */
export const judge = (pairs: readonly Pair[]): Verdicts => {
  const tests = pairs.map(({old, now}) => rankTest(now, old));
  const known = tests.filter(t => t !== null);
  const smallest = Math.min(...known.map(t => t.smallest));
  const correction: Correction = known.length * smallest < level ? 'holm' : 'benjamini-hochberg';
  const adjusted = (correction === 'holm' ? holm : benjaminiHochberg)(known.map(t => t.p));
  let next = 0;
  const verdicts = tests.map((test, i): Verdict => {
    const pair = pairs[i]!;
    const isTolerated = Math.abs(median(pair.now) - median(pair.old)) <= pair.tolerance;
    if (!test) {
      const verdict = isTolerated ? 'within tolerance' : 'changed (one seed)';
      return {p: null, adjusted: null, interval: null, effect: null, verdict};
    }
    const own = adjusted[next++] ?? 1;
    const interval = intervalOf(pair, pairs.length > manyCells ? 500 : 2000);
    const judged = {p: test.p, adjusted: own, interval, effect: test.a12};
    if (isTolerated) return {...judged, verdict: own < level ? 'within tolerance' : 'noise'};
    if (own < level) return {...judged, verdict: 'changed'};
    // Separated groups have the smallest p that their sizes allow.
    const separated = test.smallest >= level && test.p <= test.smallest && test.p < 1;
    return {...judged, verdict: separated ? 'changed (too few seeds to test)' : 'noise'};
  });
  return {correction, verdicts};
};

/** Beyond this the intervals are coarser, so that a diff of a thousand cells is not waited for. */
const manyCells = 200;

const intervalOf = ({old, now}: Pair, resamples: number): readonly [number, number] => {
  const gap = (first: Float64Array, second?: Float64Array): number =>
    medianInPlace(first) - medianInPlace(second as Float64Array);
  const {low, high} = bootstrapInterval([now, old], gap, {resamples, method: 'percentile', seed: 'diff'});
  return [low, high];
};

export const isChange = ({verdict}: Pick<Verdict, 'verdict'>): boolean => verdict.startsWith('changed');
