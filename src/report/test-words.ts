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

export const testInWords = (test: Test): string => kinds[test.kind] ?? `the test "${test.kind}"`;

/** `, resampling …`: what "no difference" means to a bootstrap test; '' for others. */
export const hypothesisInWords = ({null: hypothesis}: Test): string => {
  const words = hypotheses[String(hypothesis)];
  return words ? `, ${words}` : '';
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
