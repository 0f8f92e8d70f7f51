import {chiSquareTail} from './chi-square.ts';
import {holm} from './correction.ts';
import {logarithm} from './elementary.ts';
import type {Numbers} from './ranks.ts';
import {checkShare, clipToOne} from './samples.ts';

export interface ReplicabilityOptions {
  readonly alpha?: number;
  /** How p values are joined: `bonferroni` under any dependence of the tasks, `fisher` where they are independent. */
  readonly method?: 'bonferroni' | 'fisher';
}

export interface ReplicabilityResult {
  /** With confidence 1 − alpha the effect is there on at least so many tasks. */
  readonly count: number;
  /** For u = 1 … N the p value of "fewer than u tasks have the effect". */
  readonly partial: number[];
  /** Which tasks have it, by Holm's procedure: indices, ascending. */
  readonly tasks: number[];
}

/**
 * On how many of N tasks is one arm better? (Dror et al. 2017; partial conjunctions of Benjamini and Heller 2008.)
 * "Fewer than u tasks" is rejected when the N − u + 1 largest p values together are: Bonferroni (N − u + 1)·p_(u), Fisher
 * P(χ² with 2(N − u + 1) degrees ≥ −2 Σ_{i ≥ u} ln p_(i)). The count is the largest u up to which all are rejected.
 * Counting the tasks with p < alpha instead errs more often the more tasks there are. No tasks: count 0.
 */
export const replicability = (pValues: Numbers, options: ReplicabilityOptions = {}): ReplicabilityResult => {
  const {alpha = 0.05, method = 'bonferroni'} = options;
  checkShare('alpha', alpha);
  const tasks = holm(pValues).flatMap((p, at) => (p <= alpha ? [at] : []));
  const sorted = Float64Array.from(pValues).sort();
  const partial = Array.from(sorted, (p, at) => {
    const rest = sorted.length - at;
    if (method === 'bonferroni') return clipToOne(rest * p);
    let logs = 0;
    for (let i = at; i < sorted.length; i++) logs += logarithm(sorted[i]!);
    return logs === -Infinity ? 0 : chiSquareTail(-2 * logs, 2 * rest);
  });
  const failed = partial.findIndex(p => p > alpha);
  return {count: failed === -1 ? partial.length : failed, partial, tasks};
};
