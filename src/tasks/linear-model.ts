import {type FeatureRows, takeRows} from '../math/feature-rows.ts';
import {fitLogistic, type LogisticModel, logitsOf} from '../math/logistic-regression.ts';
import {accuracy, spearman} from '../math/metrics.ts';
import type {Random} from '../math/random.ts';
import {fitRidge, predictRidge} from '../math/ridge.ts';
import type {Example, Task} from './task.ts';

/** Strengths that are tried: C of the logistic regression, or 1/α of the ridge regression. */
export interface Strengths {
  readonly classification: readonly number[];
  readonly regression: readonly number[];
}

/** Share of the labelled examples on which the strength is chosen. */
const heldOut = 0.15;

/** [row × label] logits, or [row] numbers of a regression, of rows of features. */
export type LinearModel = (features: FeatureRows) => Float32Array;

/**
 * Logistic or ridge regression on features. The strength is the one that is best on 15 % of the examples, held out by
 * `random`; the model is then fitted to all of them. Nothing but these examples is looked at.
 */
export const fitLinear = (
  task: Task,
  features: FeatureRows,
  examples: readonly Example[],
  strengths: Strengths,
  random: Random,
): {readonly model: LinearModel; readonly strength: number} => {
  const order = random.shuffle(examples.map((_, at) => at));
  const cut = Math.max(1, Math.floor(order.length * (1 - heldOut)));
  const [fitted, rest] = [order.slice(0, cut), order.slice(cut)];
  const fit = task.kind === 'regression' ? ridgeOn(examples) : logisticOn(examples, task.labels);
  const candidates = strengths[task.kind];
  let best = {strength: candidates[0]!, score: -Infinity};
  // With so few examples that none is left to choose on, the first strength is taken.
  for (const strength of rest.length > 0 ? candidates : []) {
    const score = fit(takeRows(features, fitted), fitted, strength).score(takeRows(features, rest), rest);
    if (score > best.score) best = {strength, score};
  }
  return {model: fit(features, [...examples.keys()], best.strength).predict, strength: best.strength};
};

interface Fitted {
  readonly predict: LinearModel;
  score(features: FeatureRows, rows: readonly number[]): number;
}

type Fit = (features: FeatureRows, rows: readonly number[], strength: number) => Fitted;

const logisticOn = (examples: readonly Example[], labels: readonly string[]): Fit => {
  const classes = Int32Array.from(examples, ({label}) => labels.indexOf(label!));
  let start: LogisticModel | undefined;
  return (features, rows, strength) => {
    const target = Int32Array.from(rows, row => classes[row]!);
    // The last fit, with another strength, is a good place to start.
    const model = fitLogistic(features, target, labels.length, {c: strength, ...(start ? {start} : {})});
    start = model;
    return {
      predict: wanted => Float32Array.from(logitsOf(model, wanted).flatMap(row => Array.from(row))),
      score: (wanted, at) =>
        accuracy(
          at.map(row => classes[row]!),
          logitsOf(model, wanted).map(row => row.indexOf(Math.max(...row))),
        ),
    };
  };
};

const ridgeOn = (examples: readonly Example[]): Fit => {
  const values = Float64Array.from(examples, ({label}) => Number(label));
  return (features, rows, strength) => {
    const model = fitRidge(
      features,
      Float64Array.from(rows, row => values[row]!),
      {alpha: 1 / strength},
    );
    return {
      predict: wanted => Float32Array.from(predictRidge(model, wanted)),
      score: (wanted, at) =>
        spearman(
          Float64Array.from(at, row => values[row]!),
          predictRidge(model, wanted),
        ),
    };
  };
};
