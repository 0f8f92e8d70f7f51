import {bootstrapTestDefinition} from '../math/bootstrap-definition.ts';
import type {RunTest} from '../math/compare-runs.ts';
import {strayWarning} from '../math/stray-warning.ts';
import {plural} from './format.ts';
import type {Results, Test} from './results.ts';

/** What each test asks, in words; a kind that isn't here is printed by its name. */
const kinds: Readonly<Record<string, string>> = {
  bootstrap: 'a bootstrap of the difference of medians over seeds',
  'bootstrap-median': 'a two-sided bootstrap test of the difference of medians over seeds',
  'bootstrap-median-greater': 'a one-sided bootstrap test of the difference of medians over seeds',
  'seeds-and-examples': 'a bootstrap over seeds and evaluation examples at once',
  'mann-whitney': 'the exact two-sided Mann-Whitney U test over seeds',
  wilcoxon: "Wilcoxon's exact signed-rank test over shared seeds",
  mcnemar: "McNemar's exact test of the median runs' answers",
  permutation: 'a permutation test over seeds',
};

const hypotheses: Readonly<Record<string, string>> = {
  pooled: 'resampling both arms from their pooled runs',
  recentred: 'resampling each arm from its own runs, shifted to equal medians',
};

const corrections: Readonly<Record<string, string>> = {
  holm: 'Holm',
  'benjamini-hochberg': 'Benjamini-Hochberg',
  'benjamini-yekutieli': 'Benjamini-Yekutieli',
  bonferroni: 'Bonferroni',
};

export const testName = (kind: string): string => kinds[kind] ?? `the test "${kind}"`;

export const testInWords = ({kind}: Test): string => testName(kind);

/** `, resampling …`: what "no difference" means to a bootstrap test; '' for others, and where `definitionOf` says it all. */
export const hypothesisInWords = (test: Test): string => {
  const words = definitionOf(test) === null ? hypotheses[String(test.null)] : undefined;
  return words ? `, ${words}` : '';
};

const alternatives = {'bootstrap-median': 'two-sided', 'bootstrap-median-greater': 'greater'} as const;

/** How p was come by, for a bootstrap test over seeds that recorded enough to say it; else null. */
export const definitionOf = ({kind, null: hypothesis, resamples, smallest}: Test): string | null => {
  if (!(kind === 'bootstrap-median' || kind === 'bootstrap-median-greater')) return null;
  if (!(hypothesis === 'pooled' || hypothesis === 'recentred')) return null;
  // Results that don't name the number of resamples have the smallest p, 1/(resamples + 1).
  const drawn = typeof resamples === 'number' ? resamples : typeof smallest === 'number' ? 1 / smallest - 1 : NaN;
  if (!Number.isFinite(drawn)) return null;
  return bootstrapTestDefinition('median', {
    alternative: alternatives[kind],
    null: hypothesis,
    resamples: Math.round(drawn),
  });
};

const overRuns: readonly string[] = ['bootstrap-median', 'bootstrap-median-greater', 'mann-whitney', 'wilcoxon'];

/** Where the tests stray from their level at their numbers of seeds, a sentence for each kind; none where they keep it. */
export const strayWarnings = (
  tests: readonly {readonly kind: string; readonly n: readonly number[]; readonly null?: unknown}[],
): string[] => {
  const lines = tests.flatMap(({kind, n: [first, second], null: hypothesis}) => {
    if (!overRuns.includes(kind) || first === undefined || second === undefined) return [];
    const pooled = hypothesis === 'pooled' ? 'pooled' : 'recentred';
    const warning = strayWarning(kind as RunTest, [first, second], pooled);
    return warning === null
      ? []
      : [`Caution with ${kinds[kind]}: ${warning.charAt(0).toLowerCase()}${warning.slice(1)}`];
  });
  return [...new Set(lines)];
};

/** `after Holm's correction for 20 comparisons`. */
export const correctionInWords = (test: Test, results: Results): string => {
  const name = corrections[test.correction ?? 'holm'] ?? test.correction ?? '';
  const count = test.comparisons ?? results.tests.filter(t => t.kind === test.kind).length;
  return `after the ${name} correction for ${plural(count, 'comparison')}`;
};

/** `5`, or `3 to 5` where the sides or tasks differ. */
export const countsInWords = (counts: readonly number[]): string => {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? `${low}` : `${low} to ${high}`;
};
