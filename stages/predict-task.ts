import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description:
    'Predictions of a trained model for a task’s examples as they are, or disturbed: typos, left-out words, synonyms.',
  params: z.strictObject({
    task: z.string().regex(taskName),
    /** The name under which results appear, and the seed of the model's training. */
    arm: z.string(),
    seed: z.int(),
    split: z.enum(['dev', 'test']).default('dev'),
    noise: z.enum(['none', 'typos', 'drop', 'synonyms']).default('none'),
    /** Share of words that are touched. */
    rate: z.number().min(0).max(1).default(0.15),
    /** Of the disturbance: the same for all models, so that they read the same texts. */
    noiseSeed: z.int().default(1),
    maxTokens: z.int().positive().default(128),
  }),
  /** `model`: the folder of distil-task or finetune-teacher; `examples`: dev.tsv. */
  inputs: {model: 'one', examples: 'one'},
  outputs: {predictions: 'predictions.arrow'},
  engine: true,
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const {params} = ctx;
    const [{openEngine}, {readExamples}, {disturbed}, {openTaskModel}, {predictTask}, {inTaskRange}, written] =
      await Promise.all([
        import('../src/engine/engine.ts'),
        import('../src/tasks/read.ts'),
        import('../src/training/task-distillation/disturbed.ts'),
        import('../src/training/task-distillation/open-model.ts'),
        import('../src/training/task-distillation/predict.ts'),
        import('../src/training/targets.ts'),
        import('../src/evaluation/predictions.ts'),
      ]);
    const task = await loadTask(params.task);
    const {student, parameters, sigmoid} = asUserError(() => openTaskModel(ctx.in.model.path, task, params.maxTokens));
    const examples = asUserError(() => readExamples(ctx.in.examples.path, task));
    const texts = params.noise === 'none' ? examples : disturbed(examples, {...params, kind: params.noise});
    const outputs = task.kind === 'classification' ? task.labels.length : 1;
    const engine = await openEngine({threads: ctx.threads});
    const found = await predictTask(engine, student, parameters, texts, outputs);
    const logits = inTaskRange(
      task,
      sigmoid && task.kind === 'regression' ? found.map(x => 1 / (1 + Math.exp(-x))) : found,
    );
    const {task: _task, seed: _seed, arm: _arm, ...axis} = ctx.axis;
    await written.writePredictions(ctx.out.predictions, task, {
      ...{
        task: task.name,
        split: params.split,
        arm: params.arm,
        axis: {...axis, noise: params.noise},
        seed: params.seed,
      },
      ...written.predictionsOf(task, texts, logits),
    });
  },
});
