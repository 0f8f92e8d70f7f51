/** Metrics of which less is better; of all others more is. */
const lowerIsBetter = /loss|perplexity|error|distance|seconds|bytes/i;

export const isWorse = (metric: string, difference: number): boolean =>
  lowerIsBetter.test(metric) ? difference > 0 : difference < 0;
