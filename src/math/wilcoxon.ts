import {exactP, tailsOf} from './exact-p.ts';
import {normalTail} from './normal.ts';
import {midranks, type Numbers} from './ranks.ts';
import {
  type Alternative,
  checkPaired,
  checkSample,
  clipToOne,
  type RankTestOptions,
  type RankTestResult,
} from './samples.ts';

export interface WilcoxonOptions extends RankTestOptions {
  /** `drop`: pairs without a difference are left out (Wilcoxon); `pratt`: they are ranked, then left out. */
  readonly zeros?: 'drop' | 'pratt';
}

export interface WilcoxonResult extends RankTestResult {
  /** As SciPy: the smaller of the rank sums of positive and negative differences; one-sided, the positive one. */
  readonly statistic: number;
}

/** Above this many differences `auto` takes the normal approximation. */
const largestExact = 100;

/**
 * Wilcoxon's signed-rank test of the differences x − y.
 *
 * `exact` is the distribution over all 2ⁿ signs of the ranks that are there, so ties are right (SciPy's `exact` ignores
 * them, its `auto` then approximates); `asymptotic` has the tie correction, and the continuity correction only when asked
 * for, as SciPy's. When no difference is left, p is 1 and the statistic 0. Equal differences must be equal as doubles to
 * be ties: .3 − .2 and .2 − .1 are not.
 */
export const wilcoxonSignedRank = (x: Numbers, y: Numbers, options: WilcoxonOptions = {}): WilcoxonResult => {
  checkSample('x', x);
  checkSample('y', y);
  checkPaired(x, y);
  const {alternative = 'two-sided', method = 'auto', continuity = false, zeros = 'drop'} = options;
  const all = Float64Array.from(x, (value, at) => value - y[at]!);
  const differences = zeros === 'drop' ? all.filter(value => value !== 0) : all;
  const allRanks = midranks(differences.map(Math.abs));
  const isUsed = (_: number, at: number): boolean => differences[at] !== 0;
  const ranks = allRanks.filter(isUsed);
  const signs = differences.filter(isUsed);

  let [plus, minus] = [0, 0];
  ranks.forEach((rank, at) => (signs[at]! > 0 ? (plus += rank) : (minus += rank)));
  const statistic = alternative === 'two-sided' ? Math.min(plus, minus) : plus;
  const chosen = method === 'auto' ? (ranks.length <= largestExact ? 'exact' : 'asymptotic') : method;
  if (ranks.length === 0) return {statistic, p: 1, method: chosen, smallest: 1};
  const {p, smallest} =
    chosen === 'exact'
      ? exactP(tailsOf(signDistribution(ranks), 2 * plus), alternative)
      : {p: asymptoticP(plus, ranks, alternative, continuity), smallest: NaN};
  return {statistic, p, method: chosen, smallest};
};

/** P(twice the sum of positive ranks = s) when each sign is a fair coin. */
const signDistribution = (ranks: Float64Array): Float64Array => {
  const doubled = Array.from(ranks, rank => Math.round(2 * rank));
  const shares = new Float64Array(doubled.reduce((sum, rank) => sum + rank, 0) + 1);
  shares[0] = 1;
  let reach = 0;
  for (const rank of doubled) {
    reach += rank;
    for (let sum = reach; sum >= 0; sum--) shares[sum] = (shares[sum]! + (sum >= rank ? shares[sum - rank]! : 0)) / 2;
  }
  return shares;
};

/** Var(R⁺) = Σ r²/4 over the ranks used: with midranks this is the tie correction, with Pratt's ranks his. */
const asymptoticP = (plus: number, ranks: Float64Array, alternative: Alternative, continuity: boolean): number => {
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const deviation = Math.sqrt(ranks.reduce((sum, rank) => sum + rank * rank, 0)) / 2;
  const excess = alternative === 'greater' ? plus - mean : alternative === 'less' ? mean - plus : Math.abs(plus - mean);
  const z = (excess - (continuity && (alternative !== 'two-sided' || excess !== 0) ? 0.5 : 0)) / deviation;
  return alternative === 'two-sided' ? clipToOne(2 * normalTail(z)) : normalTail(z);
};
