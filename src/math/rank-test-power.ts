import {quantileInPlace, sortSmall} from './descriptive.ts';
import {exactP} from './exact-p.ts';
import type {PowerOptions} from './power.ts';
import {createRandom} from './random.ts';
import {rankSumTails} from './rank-sum-distribution.ts';
import {checkCount, checkShare} from './samples.ts';

export interface RankPowerOptions extends PowerOptions {
  readonly simulations?: number;
  readonly seed?: number | string;
}

/**
 * How often the two-sided exact Mann-Whitney test of n against m normal scores finds a shift of `effect` standard
 * deviations: simulated, with a standard error of at most .5/√simulations (.008 by default).
 */
export const rankTestPower = (n: number, m: number, effect: number, options: RankPowerOptions = {}): number => {
  const {alpha = 0.05, simulations = 4000, seed = 0} = options;
  const critical = criticalU(n, m, alpha, simulations);
  let found = 0;
  for (const gaps of simulatedGaps(n, m, simulations, seed)) {
    let u = 0;
    for (let at = 0; at < gaps.length; at++) if (gaps[at]! < effect) u++;
    if (u >= critical || n * m - u >= critical) found++;
  }
  return found / simulations;
};

/**
 * The shift, in standard deviations, that this test finds with probability `power` (.8) in its own direction: each
 * simulated pair of samples is found from a certain shift on, its `critical`-th smallest gap y − x, and the answer is a
 * quantile of these. Infinity where so few scores can never be significant.
 */
export const smallestRankDifference = (n: number, m: number, options: RankPowerOptions = {}): number => {
  const {alpha = 0.05, power = 0.8, simulations = 4000, seed = 0} = options;
  checkShare('power', power);
  const critical = criticalU(n, m, alpha, simulations);
  if (critical > n * m) return Infinity;
  const shifts = new Float64Array(simulations);
  let at = 0;
  for (const gaps of simulatedGaps(n, m, simulations, seed)) {
    sortSmall(gaps);
    shifts[at++] = gaps[critical - 1]!;
  }
  return Math.max(0, quantileInPlace(shifts, power));
};

/** The smallest U whose two-sided p is at most alpha; nm + 1 where there is none. */
const criticalU = (n: number, m: number, alpha: number, simulations: number): number => {
  checkCount('n', n);
  checkCount('m', m);
  checkCount('simulations', simulations);
  checkShare('alpha', alpha);
  const untied = Array<number>(n + m).fill(1);
  const p = (u: number): number => exactP(rankSumTails(u, n, m, untied), 'two-sided').p;
  let [low, high] = [Math.ceil((n * m) / 2), n * m + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (p(middle) <= alpha) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** y − x of all pairs of standard normal samples, in one buffer: x shifted by d is above y where the gap is below d. */
function* simulatedGaps(n: number, m: number, simulations: number, seed: number | string): Iterable<Float64Array> {
  const random = createRandom(seed);
  const [x, y, gaps] = [new Float64Array(n), new Float64Array(m), new Float64Array(n * m)];
  for (let simulation = 0; simulation < simulations; simulation++) {
    for (let at = 0; at < n; at++) x[at] = random.normal();
    for (let at = 0; at < m; at++) y[at] = random.normal();
    for (let at = 0; at < gaps.length; at++) gaps[at] = y[at % m]! - x[Math.floor(at / m)]!;
    yield gaps;
  }
}
