import {type Random, runsAndExamplesBootstrap, type WeightedMetric} from '../../src/stats.ts';

/** Two arms without a difference, scored on the same examples; p of the bootstrap over runs and examples. */
export interface TwoSourceCase {
  readonly name: string;
  readonly p: (n: number, random: Random, seed: number) => number;
}

/** As small as development sets are: RTE has 277. */
const examples = 250;
const resamples = 299;

const hitRate =
  (hits: Uint8Array): WeightedMetric =>
  counts => {
    let [hit, all] = [0, 0];
    for (let at = 0; at < hits.length; at++) {
      hit += hits[at]! * counts[at]!;
      all += counts[at]!;
    }
    return hit / all;
  };

/** A run's own fortune moves all its answers, an example's difficulty those of all runs (a logistic model, spreads in logits). */
const answers = (difficulties: Float64Array, spread: number, random: Random): WeightedMetric => {
  const fortune = spread * random.normal();
  return hitRate(
    Uint8Array.from(difficulties, difficulty =>
      random.uniform() < 1 / (1 + Math.exp(difficulty - fortune - 1)) ? 1 : 0,
    ),
  );
};

const simulated = (spread: number, difficulty: number): TwoSourceCase['p'] => {
  return (n, random, seed) => {
    const difficulties = Float64Array.from({length: examples}, () => difficulty * random.normal());
    const arm = (): WeightedMetric[] => Array.from({length: n}, () => answers(difficulties, spread, random));
    return runsAndExamplesBootstrap(arm(), arm(), examples, {resamples, seed}).p;
  };
};

export const twoSourceCases: readonly TwoSourceCase[] = [
  {name: 'runs vary much (3 points)', p: simulated(0.17, 1.5)},
  {name: 'runs vary little', p: simulated(0, 1.5)},
  {name: 'examples are alike', p: simulated(0.17, 0)},
];
