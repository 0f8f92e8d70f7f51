import type {RunTest} from './compare-runs.ts';
import type {NullHypothesis} from './samples.ts';

const sizes = [5, 10, 20] as const;
type Shares = readonly [number, number, number];

/**
 * How often p < .05 comes where there is no difference, at 5, 10 and 20 runs a side: the worst of normal, skewed, tied and
 * discrete scores in 2,000 simulations each (standard error .005), from `npm run bench -- simulate`. docs/statistics.md has
 * all of them.
 */
const falsePositives: Readonly<Record<RunTest, Readonly<Record<NullHypothesis, Shares>> | Shares>> = {
  'mann-whitney': [0.037, 0.049, 0.051],
  wilcoxon: [0, 0.053, 0.047],
  'bootstrap-median': {recentred: [0.025, 0.04, 0.04], pooled: [0, 0.019, 0.025]},
  'bootstrap-median-greater': {recentred: [0.111, 0.088, 0.083], pooled: [0.014, 0.03, 0.038]},
};

/** .05 and two standard errors of the simulation. */
const tooEasy = 0.06;
const tooHard = 0.01;

/**
 * A sentence for the reader of a report where a test over runs strays from its level of .05 at these numbers of runs: finds
 * too much (the one-sided re-centred bootstrap of medians), or next to nothing (any signed-rank test of five pairs). null
 * where it may be taken at its word. Numbers of runs between those simulated count as the smaller one.
 */
export const strayWarning = (
  kind: RunTest,
  n: readonly [number, number],
  hypothesis: NullHypothesis = 'recentred',
): string | null => {
  const fewest = Math.min(...n);
  const known = falsePositives[kind];
  const isBootstrap = !isShares(known);
  if (fewest < sizes[0]) {
    return isBootstrap ? `${fewest} runs a side are too few to resample: this p means little.` : null;
  }
  const shares = isShares(known) ? known : known[hypothesis];
  const size = sizes.findLastIndex(simulated => simulated <= fewest);
  const share = shares[size]!;
  const where = `with ${sizes[size]} runs a side, in simulations without a difference,`;
  if (share > tooEasy) {
    return `This test is too easy: ${where} it says p < .05 in up to ${Math.round(100 * share)} % of cases.`;
  }
  if (share < tooHard) return `This test can hardly find anything: ${where} it says p < .05 in under 1 % of cases.`;
  return null;
};

/** The bootstrap over runs and examples, at 5, 10 and 20 runs a side: 0 to 1.8 % instead of 5 (`npm run bench -- simulate`). */
export const runsAndExamplesWarning =
  'This bootstrap is timid: without a difference it says p < .05 in under 2 % of simulations, so that a large p of it says little.';

const isShares = (known: Shares | Readonly<Record<NullHypothesis, Shares>>): known is Shares => Array.isArray(known);
