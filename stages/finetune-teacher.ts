import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';
import {trainingSettings} from '../src/training/multi-task/settings.ts';

const {keepModel: _always, sigmoid: _none, ...settings} = trainingSettings;

export default defineStage({
  description:
    'Fine-tunes a BERT on one task by Devlin’s recipe, as a BertForSequenceClassification that teacher-logits, and PyTorch, open.',
  params: z.strictObject({
    /** A file of src/tasks/. */
    task: z.string().regex(taskName),
    /** The name under which its results appear; by default the stage's. */
    arm: z.string().min(1).optional(),
    /** The encoder to start from: of the hub, `owner/name@COMMIT`; or `folder`: that of the input `model`. */
    model: z.string().min(1),
    /** Pairs are learnt in both orders. */
    bothOrders: z.boolean().default(false),
    ...settings,
  }),
  inputs: {train: 'one', dev: 'optional', test: 'optional', model: 'optional'},
  outputs: {model: 'model', predictions: 'predictions', metrics: 'metrics.json'},
  engine: true,
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const {params} = ctx;
    const [{runMultiTask}, {saveClassifier}, {encoderPlace}] = await Promise.all([
      import('../src/training/multi-task/job.ts'),
      import('../src/training/multi-task/save.ts'),
      import('../src/models/encoder-place.ts'),
    ]);
    const task = await asUserError(() => loadTask(params.task));
    if (params.bothOrders && task.shape !== 'pair')
      throw new StageError(`The task "${task.name}" has single texts; \`bothOrders\` is for pairs. Leave it out.`);
    const place = await asUserError(() =>
      encoderPlace({
        model: params.model,
        modelFolder: ctx.in.model?.path ?? null,
        signal: ctx.signal,
        progress: (done, total, unit) => ctx.progress({done, total, unit}),
      }),
    );
    const {task: _task, seed: _seed, ...axis} = ctx.axis;
    const [dev, test] = [ctx.in.dev?.path ?? null, ctx.in.test?.path ?? null];
    await asUserError(() =>
      runMultiTask({
        ...params,
        tasks: [{...{task, train: ctx.in.train.path, dev, test, teacher: null}, bothOrders: params.bothOrders}], // prettier-ignore
        ...{alsoPredict: [], model: place.folder, heads: 'new', sigmoid: false, goldWeight: 1},
        // The mean, as BERT's own code; one task has nobody to share with.
        ...{reduction: 'mean', balance: {by: 'none', exponent: 1}},
        ...{threads: ctx.threads, arm: params.arm ?? ctx.stage, axis},
        ...{predictions: ctx.out.predictions, metrics: ctx.out.metrics, checkpoints: ctx.scratch, signal: ctx.signal},
        save: ({parameters, layout, folder}) =>
          saveClassifier(ctx.out.model, parameters, {head: layout.heads[0]!, from: folder}),
        log: message => ctx.log(message),
        onStep: (step, total, loss) => ctx.progress({done: step, total, unit: 'step', loss}),
      }),
    );
  },
});
