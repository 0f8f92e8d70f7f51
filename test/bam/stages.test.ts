import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {readArrow} from '../../src/io/arrow.ts';
import {readSafetensors} from '../../src/io/safetensors.ts';
import cola from '../../src/tasks/cola.ts';
import mnli from '../../src/tasks/mnli.ts';
import {writeExamples} from '../../src/tasks/read.ts';
import stsB from '../../src/tasks/sts-b.ts';
import type {Example, Task} from '../../src/tasks/task.ts';
import {predictionFiles} from '../../src/evaluation/prediction-files.ts';
import {readPredictions} from '../../src/evaluation/predictions.ts';
import evaluate from '../../stages/evaluate.ts';
import finetuneTeacher from '../../stages/finetune-teacher.ts';
import startEncoder from '../../stages/start-encoder.ts';
import teacherLogits from '../../stages/teacher-logits.ts';
import trainMultiTask from '../../stages/train-multi-task.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import {moodExamples, overlapExamples} from './rig.ts';

const asCola = (examples: Example[]): Example[] =>
  examples.map(example => ({...example, label: example.label === 'good' ? 'acceptable' : 'unacceptable'}));
const files: Record<'cola' | 'sts-b', Record<'train' | 'dev', {path: string; axis: {task: string}}>> = {} as never;
let encoder = '';

const write = async (task: Task, examples: Example[]) => {
  const path = join(await scratchFolder(), `${task.name}.tsv`);
  await writeExamples(path, task, examples);
  return {path, axis: {task: task.name}};
};

beforeAll(async () => {
  files.cola = {train: await write(cola, asCola(moodExamples(20, 1))), dev: await write(cola, asCola(moodExamples(10, 2)))}; // prettier-ignore
  files['sts-b'] = {train: await write(stsB, overlapExamples(20, 1)), dev: await write(stsB, overlapExamples(10, 2))};
  const random = {layers: 2, width: 8, heads: 2, inner: 16, positions: 40, vocabulary: 100};
  const texts = [files.cola.train, files['sts-b'].train];
  encoder = (await runStage(startEncoder, {in: {texts}, params: {model: 'random', random}})).out.encoder;
});

const inputs = () => ({
  train: [files.cola.train, files['sts-b'].train],
  dev: [files.cola.dev, files['sts-b'].dev],
  model: encoder,
});
const params = {
  tasks: ['cola', 'sts-b'] as ['cola', 'sts-b'],
  seed: 1,
  epochs: 1,
  batch: 8,
  runPieces: 64,
  learningRate: 1e-3,
};

describe('train-multi-task', () => {
  it('trains on several tasks, alone and with teachers, the same bytes for the same seed', async () => {
    const run = (more: object = {}, also: object = {}) =>
      runStage(trainMultiTask, {in: {...inputs(), ...also}, params: {...params, bothOrders: ['sts-b'], ...more}, stage: 'multi', axis: {seed: '1'}}); // prettier-ignore
    const multi = await run();
    expect(readdirSync(multi.out.predictions).sort()).toEqual(['cola.dev.arrow', 'sts-b.dev.arrow']);
    const predictions = readPredictions(join(multi.out.predictions, 'sts-b.dev.arrow'), stsB);
    expect(predictions).toMatchObject({task: 'sts-b', split: 'dev', arm: 'multi', axis: {}, seed: 1});
    expect(predictions.ids).toHaveLength(10);
    expect(JSON.parse(readFileSync(multi.out.metrics, 'utf8'))).toMatchObject({task: 'all', arm: 'multi', seed: 1});
    const {tensors, metadata} = readSafetensors(join(multi.out.model, 'heads.safetensors'));
    expect(tensors['cola.weight']!.shape).toEqual([2, 8]);
    expect(JSON.parse(metadata['cola']!)).toEqual({labels: ['unacceptable', 'acceptable'], sigmoid: false});

    const logitsOf = async (task: 'cola' | 'sts-b') => {
      const {out} = await runStage(teacherLogits, {
        in: {examples: files[task].train, model: multi.out.model},
        params: {task, model: 'folder', bothOrders: ['sts-b']},
      });
      return {path: out.logits, axis: {task}};
    };
    const logits = [await logitsOf('sts-b'), await logitsOf('cola')];
    expect(readArrow(logits[0]!.path).columns).toEqual(['id', 'logits', 'swapped']);
    expect(readArrow(logits[1]!.path).columns).toEqual(['id', 'logits']);
    const taught = await run({keepModel: [2]}, {logits});
    const again = await run({keepModel: [2]}, {logits: logits.toReversed()});
    const bytes = (result: typeof taught) => readFileSync(join(result.out.predictions, 'cola.dev.arrow'));
    expect(bytes(again)).toEqual(bytes(taught));
    expect(bytes(taught)).not.toEqual(bytes(multi));
    expect(readdirSync(taught.out.model)).toEqual(['not-kept.json']);

    const tuned = await runStage(trainMultiTask, {
      in: {...inputs(), model: multi.out.model},
      params: {...params, tasks: ['cola'], heads: 'kept', learningRate: 1e-9},
    });
    // At no rate at all the multi-task model's own answers are left.
    const [before, after] = [multi, tuned].map(({out}) => readPredictions(join(out.predictions, 'cola.dev.arrow'), cola).logits); // prettier-ignore
    after!.forEach((value, at) => expect(value).toBeCloseTo(before![at]!, 4));

    const {out} = await runStage(evaluate, {in: {predictions: [multi.out.predictions]}, params: {tasks: ['cola', 'sts-b']}}); // prettier-ignore
    const {scores} = JSON.parse(readFileSync(out.scores, 'utf8')) as {scores: {task: string; metric: string}[]};
    expect(scores.map(({task, metric}) => `${task} ${metric}`)).toEqual(['cola matthews', 'cola accuracy', 'sts-b spearman', 'sts-b pearson']); // prettier-ignore
  }, 60_000);

  it('goes on after it was killed', async () => {
    const options = {in: {...inputs(), train: [files.cola.train]}, params: {...params, tasks: ['cola'] as ['cola'], batch: 1, epochs: 11}}; // prettier-ignore
    const whole = await runStage(trainMultiTask, options);
    const stop = new AbortController();
    const folder = await scratchFolder();
    setTimeout(function poll() {
      if (existsSync(join(folder, 'scratch', 'checkpoint.safetensors'))) stop.abort(new Error('killed'));
      else setTimeout(poll, 1);
    });
    await expect(runStage(trainMultiTask, {...options, folder, signal: stop.signal})).rejects.toThrow('killed');
    const rest = await runStage(trainMultiTask, {...options, folder});
    expect(rest.progress[0]).toMatchObject({done: 201, total: 220});
    for (const file of [
      'model/model.safetensors',
      'model/heads.safetensors',
      'predictions/cola.dev.arrow',
      'metrics.json',
    ])
      expect(readFileSync(join(rest.folder, file)).equals(readFileSync(join(whole.folder, file))), file).toBe(true);
  }, 60_000);

  it('takes plain paths in the order of the tasks, and answers a task by the head of another', async () => {
    const nli = (count: number, seed: number) =>
      overlapExamples(count, seed).map((row, at) => ({
        ...row,
        label: ['entailment', 'neutral', 'contradiction'][at % 3]!,
      }));
    const rows = async (seed: number) => (await write(mnli, nli(9, seed))).path;
    const [train, dev, mismatched] = [await rows(1), await rows(2), await rows(3)];
    const {out} = await runStage(trainMultiTask, {
      in: {train: [files.cola.train.path, train], dev: [files.cola.dev.path, dev, mismatched], model: encoder},
      params: {...params, tasks: ['cola', 'mnli'], alsoPredict: ['mnli-mm'], keepModel: false},
    });
    expect(readdirSync(out.predictions).sort()).toEqual(['cola.dev.arrow', 'mnli-mm.dev.arrow', 'mnli.dev.arrow']);
    const {task, ids} = readPredictions(join(out.predictions, 'mnli-mm.dev.arrow'), mnli);
    expect([task, ids.length]).toEqual(['mnli-mm', 9]);
  }, 60_000);

  it('says what does not fit', async () => {
    const run = (more: object, also: object = {}) =>
      runStage(trainMultiTask, {in: {...inputs(), ...also}, params: {...params, ...more}});
    await expect(run({tasks: ['cola', 'cola']})).rejects.toThrow('names a task twice: cola, cola');
    await expect(run({tasks: ['rte']})).rejects.toThrow('The input `train` has no file of the task "rte"');
    await expect(run({bothOrders: ['cola']})).rejects.toThrow('`bothOrders` is for pairs');
    await expect(run({alsoPredict: ['ax']})).rejects.toThrow(
      'names "ax", which is answered by "mnli", and `tasks` does not',
    );
    await expect(run({heads: 'kept'})).rejects.toThrow('no heads to keep. Start with heads: new');
    await expect(run({}, {logits: [files.cola.train]})).rejects.toThrow('`logits` has no file of the task "sts-b"');
    await expect(run({}, {train: [files.cola.train, files.cola.train]})).rejects.toThrow('2 files of the task "cola"');
    await expect(run({epochs: 0})).rejects.toThrow(/expected number to be >0/i);
    await expect(run({goldWeight: 2})).rejects.toThrow();
  });
});

it('finetune-teacher makes a teacher whose logits are its own predictions', async () => {
  const run = () =>
    runStage(finetuneTeacher, {
      in: {train: files.cola.train.path, dev: [files.cola.dev], model: encoder},
      params: {task: 'cola', model: 'folder', seed: 3, epochs: 1, batch: 8, learningRate: 1e-3},
    });
  const [teacher, again] = [await run(), await run()];
  const {tensors} = readSafetensors(join(teacher.out.model, 'model.safetensors'));
  expect(Object.keys(tensors)).toContain('bert.pooler.dense.weight');
  expect(readSafetensors(join(again.out.model, 'model.safetensors')).tensors).toEqual(tensors);
  const config = JSON.parse(readFileSync(join(teacher.out.model, 'config.json'), 'utf8')) as object;
  expect(config).toMatchObject({architectures: ['BertForSequenceClassification'], id2label: {0: 'unacceptable', 1: 'acceptable'}}); // prettier-ignore
  const {out} = await runStage(teacherLogits, {in: {examples: files.cola.dev, model: teacher.out.model}, params: {task: 'cola', model: 'folder'}}); // prettier-ignore
  const [file] = predictionFiles([{path: teacher.out.predictions}]);
  const {logits} = readPredictions(file!.path, cola);
  const found = readArrow(out.logits).vectors('logits');
  for (let row = 0; row < 10; row++)
    for (const at of [0, 1]) expect(found.row(row)[at]).toBeCloseTo(logits[2 * row + at]!, 5);
}, 60_000);

it('start-encoder takes the layers that it is asked for', async () => {
  const {out} = await runStage(startEncoder, {in: {model: encoder}, params: {model: 'folder', layers: [1]}});
  const [taken, all] = [out.encoder, encoder].map(folder => readSafetensors(join(folder, 'model.safetensors')).tensors);
  const name = (layer: number): string => `encoder.layer.${layer}.output.dense.weight`;
  expect(taken![name(0)]).toEqual(all![name(1)]);
  expect(taken![name(1)]).toBeUndefined();
  expect(taken!['pooler.dense.weight']).toEqual(all!['pooler.dense.weight']);
  const run = runStage(startEncoder, {in: {model: encoder}, params: {model: 'folder', layers: [2]}});
  await expect(run).rejects.toThrow('has the layers 0 to 1; name each once');
});
