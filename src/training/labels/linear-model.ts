import {type FeatureRows, takeRows} from '../../math/feature-rows.ts';
import {fitLogistic, logitsOf} from '../../math/logistic-regression.ts';
import {accuracy, spearman} from '../../math/metrics.ts';
import type {Random} from '../../math/random.ts';
import {fitRidge, predictRidge} from '../../math/ridge.ts';
import type {Example, Task} from '../../tasks/task.ts';

/** Strengths that are tried: C of the logistic regression, or 1/α of the ridge regression. */
export interface Strengths {
  readonly classification: readonly number[];
  readonly regression: readonly number[];
}

/** Parts of the labelled examples, when the strength is chosen: one is predicted by a model of the others, then the next. */
const folds = 5;

/** So many predicted examples are enough to choose by: of many examples, not all parts are predicted. */
const enough = 2000;

/**
 * Gradients at which a logistic fit stops: scikit-learn's default where fits are only compared, a tenth of it for the
 * model itself. On the default experiment's tasks the latter's probabilities are within .005 of the exact minimum's
 * (mostly within .0003), with the former they are up to .07 away.
 */
const tolerances = {comparing: 1e-4, final: 1e-5};

/** [row × label] logits, or [row] numbers of a regression, of rows of features. */
export type LinearModel = (features: FeatureRows) => Float32Array;

/**
 * Logistic or ridge regression on features. The strength is the one that is best in a 5-fold cross-validation, whose parts
 * `random` draws (the first of equals); the model is then fitted to all examples. Nothing but these is looked at.
 */
export const fitLinear = (
  task: Task,
  features: FeatureRows,
  examples: readonly Example[],
  strengths: Strengths,
  random: Random,
): {readonly model: LinearModel; readonly strength: number} => {
  const order = random.shuffle(examples.map((_, at) => at));
  const fit = task.kind === 'regression' ? ridgeOn(examples) : logisticOn(examples, task.labels);
  const of = (rows: readonly number[]): Chosen => ({features: takeRows(features, rows), rows});
  const parts = Math.min(folds, Math.ceil((folds * enough) / order.length));
  const scores = new Map(strengths[task.kind].map(strength => [strength, 0]));
  // With fewer examples than parts, the first strength is taken.
  for (let part = 0; part < parts && order.length >= folds; part++) {
    const [fitted, rest] = [false, true].map(own => of(order.filter((_, at) => (at % folds === part) === own)));
    let start: Fitted | undefined;
    for (const [strength, sum] of scores) {
      // The last fit, with another strength, is a good place to start.
      start = fit(fitted!, strength, tolerances.comparing, start?.weights);
      scores.set(strength, sum + start.score(rest!) * rest!.rows.length);
    }
  }
  const [strength] = [...scores].reduce((best, next) => (next[1] > best[1] ? next : best));
  return {model: fit(of([...examples.keys()]), strength, tolerances.final).predict, strength};
};

/** Some of the examples: their features, and their numbers among all. */
interface Chosen {
  readonly features: FeatureRows;
  readonly rows: readonly number[];
}

interface Fitted {
  readonly predict: LinearModel;
  readonly score: (chosen: Chosen) => number;
  readonly weights: Float64Array;
}

type Fit = (chosen: Chosen, strength: number, tolerance: number, start?: Float64Array) => Fitted;

const logisticOn = (examples: readonly Example[], labels: readonly string[]): Fit => {
  const classes = Int32Array.from(examples, ({label}) => labels.indexOf(label!));
  return ({features, rows}, c, tolerance, start) => {
    const target = Int32Array.from(rows, row => classes[row]!);
    const model = fitLogistic(features, target, labels.length, {c, tolerance, ...(start && {start})});
    return {
      weights: model.weights,
      predict: wanted => new Float32Array(logitsOf(model, wanted)),
      score: ({features: wanted, rows: at}) => {
        const logits = logitsOf(model, wanted);
        return accuracy(
          at.map(row => classes[row]!),
          at.map((_, row) => largestOf(logits.subarray(row * labels.length, (row + 1) * labels.length))),
        );
      },
    };
  };
};

/** The first of the largest. */
const largestOf = (values: Float64Array): number => {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return best;
};

const ridgeOn = (examples: readonly Example[]): Fit => {
  const values = Float64Array.from(examples, ({label}) => Number(label));
  // Conjugate gradients are cheap enough to come to the exact minimum every time.
  return ({features, rows}, strength, _tolerance, start) => {
    const model = fitRidge(
      features,
      Float64Array.from(rows, row => values[row]!),
      {alpha: 1 / strength, ...(start && {start})},
    );
    return {
      weights: model.weights,
      predict: wanted => new Float32Array(predictRidge(model, wanted)),
      score: ({features: wanted, rows: at}) =>
        spearman(
          Float64Array.from(at, row => values[row]!),
          predictRidge(model, wanted),
        ),
    };
  };
};
