import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {taskModule, taskName} from '../src/tasks/load.ts';
import type {Example, Task} from '../src/tasks/task.ts';

/** From the strongest penalty to the weakest, so far apart that the best one is seldom the first or the last. */
const strengths = {
  words: {classification: [0.3, 1, 3, 10, 30], regression: [0.03, 0.1, 0.3, 1, 3]},
  vectors: {classification: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3], regression: [0.001, 0.003, 0.01, 0.03, 0.1]},
};

export default defineStage({
  description:
    'Predictions of models that need no network: the largest class, or linear models of words or of vectors.',
  params: z.strictObject({
    task: z.string().regex(taskName),
    /** `tfidf-lr`: TF-IDF words; `teacher-lr`: the vectors of `vectors`; of a regression: the mean, ridge regression. */
    baseline: z.enum(['majority', 'tfidf-lr', 'teacher-lr']),
    /** The name under which results appear; by default the baseline's: a student's vectors can be probed as well. */
    arm: z.string().optional(),
    /** How many labelled examples are used: the same seeded choice from train as in fine-tuning. */
    labels: z.union([z.int().positive(), z.literal('all')]),
    language: z.enum(['en', 'zh']).default('en'),
    seed: z.int(),
  }),
  inputs: {train: 'one', dev: 'one', test: 'one', vectors: 'any'},
  outputs: {dev: 'dev.arrow', test: 'test.arrow'},
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const {params} = ctx;
    const [{loadTask}, {readExamples}, {labelSubset}, {createRandom}, predictions] = await Promise.all([
      import('../src/tasks/load.ts'),
      import('../src/tasks/read.ts'),
      import('../src/tasks/label-subset.ts'),
      import('../src/math/random.ts'),
      import('../src/evaluation/predictions.ts'),
    ]);
    const task = await loadTask(params.task);
    const read = (path: string): Example[] => asUserError(() => readExamples(path, task));
    const [train, dev, test] = [ctx.in.train, ctx.in.dev, ctx.in.test].map(file => read(file.path));
    const labelled = labelSubset(
      train!.filter(example => example.label !== null),
      params.labels,
      params.seed,
    );
    if (labelled.length === 0) throw new StageError(`${ctx.in.train.path} holds no labelled example to learn from.`);

    const predict = await (async (): Promise<(examples: readonly Example[]) => Float32Array> => {
      if (params.baseline === 'majority') return majority(task, labelled);
      const {fitLinear} = await import('../src/training/labels/linear-model.ts');
      const random = createRandom(params.seed).fork('held-out examples');
      if (params.baseline === 'tfidf-lr') {
        const [{fitTfidf}, {openSegmenter}] = await Promise.all([
          import('../src/training/labels/tfidf-features.ts'),
          import('../src/text/words.ts'),
        ]);
        const features = fitTfidf(task, labelled, await openSegmenter(params.language));
        const {model, strength} = fitLinear(task, features(labelled), labelled, strengths.words, random);
        ctx.log(`strength ${strength} of ${labelled.length} examples' words`);
        return examples => model(features(examples));
      }
      const [{vectorFeatures}, {openTextVectors}] = await Promise.all([
        import('../src/training/labels/vector-features.ts'),
        import('../src/io/text-vectors.ts'),
      ]);
      if (ctx.in.vectors.length === 0)
        throw new StageError(`baseline "${params.baseline}" needs the input \`vectors\`: those of the task’s texts.`);
      const {vectorOf, dim} = asUserError(() => openTextVectors(ctx.in.vectors.map(file => file.path)));
      const features = (examples: readonly Example[]) =>
        asUserError(() => vectorFeatures(task, examples, vectorOf, dim));
      const {model, strength} = fitLinear(task, features(labelled), labelled, strengths.vectors, random);
      ctx.log(`strength ${strength} of ${labelled.length} examples' vectors`);
      return examples => model(features(examples));
    })();

    const {task: _task, labels: _labels, seed: _seed, baseline: _baseline, ...axis} = ctx.axis;
    for (const [split, examples, file] of [
      ['dev', dev!, ctx.out.dev],
      ['test', test!, ctx.out.test],
    ] as const) {
      await predictions.writePredictions(file, task, {
        task: task.name,
        split,
        arm: params.arm ?? params.baseline,
        axis: {labels: String(params.labels), ...axis},
        seed: params.seed,
        ...predictions.predictionsOf(task, examples, predict(examples)),
      });
    }
  },
});

/** The same answer for all: how often each label occurs (the first of equals wins), or the mean score. */
const majority = (task: Task, labelled: readonly Example[]): ((examples: readonly Example[]) => Float32Array) => {
  const answer =
    task.kind === 'regression'
      ? [labelled.reduce((sum, {label}) => sum + Number(label) / labelled.length, 0)]
      : // Logits are logarithms of shares; half an example more each, since a class may be missing.
        task.labels.map(name =>
          Math.log((labelled.filter(({label}) => label === name).length + 0.5) / labelled.length),
        );
  return examples => Float32Array.from(examples.flatMap(() => answer));
};
