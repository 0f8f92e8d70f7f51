import {benjaminiHochberg, holm} from '../math/correction.ts';
import {rankTest} from './comparisons.ts';

/** The runs of one cell at two commits. */
export interface Pair {
  readonly old: readonly number[];
  readonly now: readonly number[];
}

export interface Verdict {
  /** Two-sided exact Mann-Whitney over seeds; null where a side has one run. */
  readonly p: number | null;
  readonly adjusted: number | null;
  /** `noise` or `changed`; in brackets what the word does not rest on. */
  readonly verdict: 'noise' | 'changed' | 'changed (one seed)' | 'changed (too few seeds to test)';
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
  const verdicts = tests.map((test): Verdict => {
    if (!test) return {p: null, adjusted: null, verdict: 'changed (one seed)'};
    const own = adjusted[next++] ?? 1;
    const judged = {p: test.p, adjusted: own};
    if (own < level) return {...judged, verdict: 'changed'};
    // Separated groups have the smallest p that their sizes allow.
    const separated = test.smallest >= level && test.p <= test.smallest && test.p < 1;
    return {...judged, verdict: separated ? 'changed (too few seeds to test)' : 'noise'};
  });
  return {correction, verdicts};
};
