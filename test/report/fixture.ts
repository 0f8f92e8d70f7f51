import type {Curve} from '../../src/report/curves.ts';
import type {Training} from '../../src/report/training-curves.ts';
import {resultsSchema, type Results, type Score, type Test} from '../../src/report/results.ts';

/** Runs of one arm on one task, seeds from 1. */
export const runs = (task: string, arm: string, values: readonly number[], metric = 'accuracy'): Score[] =>
  values.map((value, i) => ({task, split: 'dev', metric, arm, axis: {}, seed: i + 1, value}));

/** Results with the given scores; the other fields are empty unless given. */
export const results = (scores: readonly Score[], more: Partial<Results> = {}): Results =>
  resultsSchema.parse({
    schema: 1,
    pipeline: 'pipeline',
    profile: '',
    headline: {a: 'ltd', b: 'plain'},
    scores,
    tests: [],
    published: [],
    ...more,
  });

/** A made-up experiment with the shape of the default one: numbers near those of real runs. */
export const experiment = (): Results => {
  const tasks: [string, string, Record<string, number[]>][] = [
    [
      'topic',
      'accuracy',
      {
        majority: [0.086],
        'tfidf-lr': [0.574, 0.571, 0.58, 0.569, 0.577],
        'teacher-lr': [0.643, 0.639, 0.65, 0.641, 0.645],
        plain: [0.47, 0.461, 0.482, 0.455, 0.474],
        'ltd-frozen': [0.676, 0.674, 0.678, 0.675, 0.677],
        ltd: [0.72, 0.713, 0.727, 0.716, 0.722],
      },
    ],
    [
      'entail',
      'accuracy',
      {
        majority: [0.5],
        'tfidf-lr': [0.663, 0.655, 0.667, 0.66, 0.658],
        'teacher-lr': [0.77, 0.765, 0.772, 0.768, 0.771],
        plain: [0.545, 0.53, 0.558, 0.541, 0.549],
        'ltd-frozen': [0.785, 0.775, 0.795, 0.78, 0.79],
        ltd: [0.776, 0.768, 0.784, 0.771, 0.78],
      },
    ],
    [
      'sim',
      'spearman',
      {
        majority: [0],
        'tfidf-lr': [0.283, 0.279, 0.29, 0.275, 0.281],
        'teacher-lr': [0.377, 0.37, 0.381, 0.372, 0.379],
        plain: [0.066, 0.01, 0.12, 0.05, 0.09],
        'ltd-frozen': [0.553, 0.543, 0.56, 0.55, 0.556],
        ltd: [0.574, 0.558, 0.59, 0.57, 0.58],
      },
    ],
  ];
  const scores = tasks.flatMap(([task, metric, arms]) =>
    Object.entries(arms).flatMap(([arm, values]) => runs(task, arm, values, metric)),
  );
  const shared = {
    split: 'dev',
    axis: {},
    a: 'ltd',
    b: 'plain',
    confidence: 0.95,
    n: [5, 5],
    correction: 'holm',
    comparisons: 3,
  };
  const tests = tasks.flatMap(([task, metric]): Test[] => [
    {...shared, task, metric, kind: 'mann-whitney', p: 0.0079, adjusted: 0.0238, effect: 1},
    {
      ...shared,
      task,
      metric,
      kind: 'bootstrap-median-greater',
      p: 0.0001,
      adjusted: 0.0003,
      effect: 1,
      null: 'recentred',
    },
    {
      ...shared,
      task,
      metric,
      kind: 'bootstrap-median',
      p: 0.0002,
      adjusted: 0.0006,
      effect: 1,
      difference: 0.25,
      interval: [0.22, 0.28],
      null: 'recentred',
    },
    {
      ...shared,
      task,
      metric,
      kind: 'seeds-and-examples',
      p: 0.0005,
      adjusted: 0.0015,
      effect: null,
      difference: 0.24,
      interval: [0.2, 0.29],
      examples: 1500,
    },
  ]);
  return results(scores, {tests});
};

/** A distillation that learns: loss falls, cosine rises, a little different for each seed. */
export const curve = (arm: string, seed: number, steps = 400): Curve => {
  const wobble = (i: number): number => 0.02 * Math.sin(i * 12.9898 + seed * 78.233);
  const all = Array.from({length: steps}, (_, i) => {
    const loss = 0.2 + 0.8 * Math.exp((-3 * i) / steps) + wobble(i);
    return {step: i + 1, loss, rate: 0.002, ...(i % 50 === 49 ? {heldOutCosine: 1 - loss + 0.01 * seed} : {})};
  });
  return {
    arm,
    seed,
    steps: all,
    final: {heldOutCosine: 0.74 + 0.004 * seed, similaritySpearman: 0.7 + 0.003 * seed},
    untrained: {heldOutCosine: 0.02, similaritySpearman: 0.31},
    bagOfWords: {heldOutCosine: 0.52, similaritySpearman: 0.44},
    parameters: 2_370_000,
    sentences: 100_000,
    epochs: 4,
  };
};

/** A training on labels in two stages: of the first 80 % one term alone counts, then all three. */
export const training = (task: string, arm: string, seed: number, terms = false, steps = 50): Training => ({
  task,
  arm,
  axis: {},
  seed,
  steps: Array.from({length: steps}, (_, i) => {
    const [at, isLate] = [(i + 1) / steps, i >= 0.8 * steps];
    const contrast = 2 - at + 0.01 * Math.sin(i * 12.9898 + seed * 78.233);
    const [soft, hard] = [isLate ? 0.6 - 0.4 * at : 0.7, isLate ? 0.5 - 0.4 * at : 0.7];
    const loss = isLate ? contrast + soft + 3 * hard : contrast;
    const of = (value: number, weight: number) => ({value, weighted: value * weight});
    const late = isLate ? 1 : 0;
    return {
      step: i + 1,
      loss,
      ...(terms ? {terms: {contrast: of(contrast, 1), soft: of(soft, late), hard: of(hard, 3 * late)}} : {}),
    };
  }),
});

/** Round ratios: 4 times smaller, 8 and 10 times faster. */
export const cost = {
  teacher: {name: 'USE-lite', bytes: 28e6, parameters: 7e6, sentencesPerSecond: {batch1: 300, batch32: 600}},
  student: {name: 'BiLSTM', bytes: 7e6, parameters: 1.75e6, sentencesPerSecond: {batch1: 2400, batch32: 6000}},
  threads: 2,
};
