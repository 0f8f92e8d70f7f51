import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description: 'Clusters labelled texts by their vectors (k-means) and scores the clusters: purity, NMI, adjusted Rand index.', // prettier-ignore
  params: z.strictObject({
    task: z.string().regex(taskName),
    /** The name under which results appear; by default the stage's. */
    arm: z.string().optional(),
    /** Of the first centres. */
    seed: z.int().default(1),
    /** By default as many as the task has labels. */
    clusters: z.int().min(2).optional(),
    /** The best of so many k-means runs is kept. */
    restarts: z.int().positive().default(4),
    /** Rows at most, the first ones. */
    limit: z.int().positive().default(10_000),
    /** What `rows` holds, for the scores. */
    split: z.enum(['train', 'dev', 'test']).default('dev'),
  }),
  inputs: {
    /** Labelled rows of a task of single texts. */
    rows: 'one',
    /** Columns text and vector of all the task's texts: of a teacher or a student. */
    vectors: 'one',
  },
  outputs: {scores: 'scores.json', clusters: 'clusters.arrow'},
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const {params} = ctx;
    const [{loadTask}, {readExamples}, {openTextVectors}, {unitRows}, {kMeans}, metrics, {createRandom}] =
      await Promise.all([
        import('../src/tasks/load.ts'),
        import('../src/tasks/read.ts'),
        import('../src/io/text-vectors.ts'),
        import('../src/evaluation/unit-rows.ts'),
        import('../src/math/k-means.ts'),
        import('../src/math/clustering-metrics.ts'),
        import('../src/math/random.ts'),
      ]);
    const [{openArrowWriter}, fs] = await Promise.all([import('../src/io/arrow.ts'), import('node:fs')]);
    const task = await asUserError(() => loadTask(params.task));
    if (task.kind !== 'classification' || task.shape !== 'sentence')
      throw new StageError(`The task "${task.name}" is not one of single texts with classes; there is nothing to compare clusters with.`); // prettier-ignore
    const {path} = ctx.in.rows;
    const examples = asUserError(() => readExamples(path, task))
      .filter(({label}) => label !== null)
      .slice(0, params.limit);
    const clusters = params.clusters ?? task.labels.length;
    if (examples.length < clusters)
      throw new StageError(`${path} has ${examples.length} labelled rows, fewer than the ${clusters} clusters asked for.`); // prettier-ignore
    const points = asUserError(() => unitRows(openTextVectors([ctx.in.vectors.path]), examples.map(({text1}) => text1))); // prettier-ignore
    const random = createRandom(params.seed).fork('k-means');
    const {assignment, inertia} = kMeans(points, {clusters, random, restarts: params.restarts});

    const labels = examples.map(({label}) => label!);
    const values = {
      purity: metrics.purity(labels, assignment),
      nmi: metrics.normalizedMutualInformation(labels, assignment),
      ari: metrics.adjustedRandIndex(labels, assignment),
    };
    const {task: _task, seed: _seed, arm: _arm, ...axis} = ctx.axis;
    const common = {task: task.name, split: params.split, arm: params.arm ?? ctx.stage, axis, seed: params.seed};
    const scores = Object.entries(values).map(([metric, value]) => JSON.stringify({...common, metric, value}));
    fs.writeFileSync(ctx.out.scores, `{"scores":[\n${scores.join(',\n')}\n]}\n`);
    const writer = openArrowWriter(ctx.out.clusters, {id: 'utf8', label: 'utf8', cluster: 'uint32'});
    await writer.append({id: examples.map(({id}) => id), label: labels, cluster: Uint32Array.from(assignment)});
    await writer.close();
    ctx.log(`${examples.length} texts, ${clusters} clusters, inertia ${inertia.toFixed(2)}: ` +
      Object.entries(values).map(([name, value]) => `${name} ${value.toFixed(4)}`).join(', ')); // prettier-ignore
  },
});
