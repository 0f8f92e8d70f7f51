import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import {taskModule, taskName} from '../src/tasks/load.ts';

const arm = z.string().min(1);
const kindsOfRuns = ['bootstrap-median', 'bootstrap-median-greater', 'mann-whitney', 'wilcoxon'] as const;
const overExamples = 'seeds-and-examples';
const ofMedianRuns = 'mcnemar';
const allKinds = [...kindsOfRuns, overExamples, ofMedianRuns] as const;

const params = z.strictObject({
  /** The tasks compared; each by its first metric. */
  tasks: z.array(z.string().regex(taskName)).nonempty(),
  comparisons: z.array(z.strictObject({a: arm, b: arm})).nonempty(),
  tests: z
    .array(z.enum(allKinds))
    .nonempty()
    .default([...allKinds]),
  /** What "no difference" means to the bootstrap of medians; the docstring of `bootstrapMedianTest` compares the two. */
  null: z.enum(['pooled', 'recentred']).default('recentred'),
  /** Intervals are of confidence 1 − alpha. */
  alpha: z.number().gt(0).lt(1).default(0.05),
  resamples: z.int().positive().default(10_000),
  /** Of the bootstrap over seeds and examples. */
  exampleResamples: z.int().positive().default(2000),
  split: z.enum(['dev', 'test']).default('dev'),
  /** Axes whose values do not keep runs apart. */
  pooled: z.array(z.string()).default([]),
  seed: z.int().default(1),
});

export default defineStage({
  description:
    'Tests whether arms differ: over seeds, over examples, and over both, corrected for the number of comparisons.',
  params,
  inputs: {scores: 'many', predictions: 'any'},
  outputs: {tests: 'tests.json'},
  uses: ({tasks}) => tasks.map(taskModule),
  async run(ctx) {
    const {params} = ctx;
    const [{loadTask}, {holm}, {compareRuns}, {isTrusted}, cells, overPredictions, {predictionFiles}, {writeFile}] =
      await Promise.all([
        import('../src/tasks/load.ts'),
        import('../src/math/correction.ts'),
        import('../src/math/compare-runs.ts'),
        import('../src/math/trusted-runs.ts'),
        import('../src/evaluation/score-cells.ts'),
        import('../src/evaluation/compare-predictions.ts'),
        import('../src/evaluation/prediction-files.ts'),
        import('node:fs/promises'),
      ]);
    const scores = ctx.in.scores.flatMap(({path}) => asUserError(() => cells.readScoreFile(path)));
    const paths = predictionFiles(ctx.in.predictions).map(file => file.path);
    const predictions = asUserError(() => overPredictions.indexPredictions(paths, params.pooled));
    const confidence = 1 - params.alpha;
    const onRuns = kindsOfRuns.filter(kind => params.tests.includes(kind));

    const tests: Row[] = [];
    for (const {a, b} of params.comparisons) {
      for (const name of params.tasks) {
        const task = await loadTask(name);
        const place = {task: name, split: params.split, metric: task.primaryMetric};
        const pairs = cells.pairsOfCells(cells.cellsOfScores(scores, {...place, pooled: params.pooled}), a, b);
        if (pairs.length === 0) ctx.log(`${a} and ${b} are not compared on ${name}: not both have scores there`);
        for (const pair of pairs) {
          ctx.signal.throwIfAborted();
          const row = {...place, axis: pair.axis, a, b, confidence};
          // Each comparison has its own stream: one more comparison never moves another's p.
          const seed = [params.seed, name, a, b, JSON.stringify(pair.axis)].join(' ');
          for (const test of compareRuns(pair.a.runs, pair.b.runs, {...params, tests: onRuns, confidence, seed})) {
            const {null: hypothesis, resamples} = params;
            tests.push({...row, ...test, ...(test.kind.startsWith('bootstrap') ? {null: hypothesis, resamples} : {})});
          }
          if (!params.tests.includes(overExamples) && !params.tests.includes(ofMedianRuns)) continue;
          const answers = asUserError(() => overPredictions.readPair(predictions, task, params.split, pair));
          if (!answers) continue;
          if (params.tests.includes(overExamples)) {
            const options = {resamples: params.exampleResamples, confidence, seed: `${seed} examples`};
            tests.push({...row, kind: overExamples, ...overPredictions.compareOverExamples(answers, task, options)});
          }
          const test = params.tests.includes(ofMedianRuns) ? overPredictions.compareMedianRuns(answers, task) : null;
          if (test) tests.push({...row, kind: ofMedianRuns, ...test});
        }
      }
    }

    // A family is all comparisons of one kind of test on all tasks: what a reader looks through for a small p. What a report
    // leaves aside for its few runs is no part of it: its p is often too small, and would make room for the others.
    const corrected = tests.map((test): object => {
      const family = tests.filter(other => other.kind === test.kind && isTrusted(other) === isTrusted(test));
      const adjusted = holm(family.map(({p}) => p))[family.indexOf(test)];
      return {...test, adjusted, correction: 'holm', family: test.kind, comparisons: family.length};
    });
    await writeFile(ctx.out.tests, `{"tests":[\n${corrected.map(test => JSON.stringify(test)).join(',\n')}\n]}\n`);
  },
});

interface Row {
  readonly kind: string;
  readonly p: number;
  readonly n: readonly number[];
}
