import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, expect, test} from 'vitest';
import fineTune from '../../stages/fine-tune.ts';
import idf from '../../stages/idf.ts';
import taskData from '../../stages/task-data.ts';
import trainStudent from '../../stages/train-student.ts';
import {openArrowWriter} from '../../src/io/arrow.ts';
import {accuracy} from '../../src/math/metrics.ts';
import {createRandom} from '../../src/math/random.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {readExamples, writeExamples} from '../../src/tasks/read.ts';
import type {Example, Task} from '../../src/tasks/task.ts';
import {readPredictions} from '../../src/evaluation/predictions.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const student = {vocabulary: 2000, embedding: 32, hidden: 32};
const tuned = {
  student,
  width: 64,
  epochs: {sentence: 40, pair: 40},
  learningRate: 0.005,
  head: {hidden: 32, dropout: 0},
};

let task: Task;
let train: Example[];
let dev: Example[];
let words: string;
let folder: string;

beforeAll(async () => {
  folder = await scratchFolder();
  const data = await runStage(taskData, {params: {task: 'topic', trainRows: 600, devRows: 300}});
  task = await loadTask('topic');
  [train, dev] = [readExamples(data.out.train, task), readExamples(data.out.dev, task)];
  const sentences = join(folder, 'sentences.arrow');
  const writer = openArrowWriter(sentences, {id: 'uint32', text: 'utf8', source: 'utf8'});
  const texts = train.map(example => example.text1);
  await writer.append({id: Uint32Array.from(texts.keys()), text: texts, source: texts.map(() => 'topic')});
  await writer.close();
  words = (await runStage(idf, {params: {language: 'en'}, in: {sentences}, folder: await scratchFolder()})).out.table;
});

/** Accuracy on `evaluated` of the plain student that was trained on `labelled`. */
const accuracyAfter = async (labelled: readonly Example[], evaluated: readonly Example[]): Promise<number> => {
  const [trainFile, devFile, testFile] = ['train.tsv', 'dev.tsv', 'test.tsv'].map(name => join(folder, name));
  await writeExamples(trainFile!, task, labelled);
  await writeExamples(devFile!, task, evaluated);
  await writeExamples(testFile!, task, []);
  const {out} = await runStage(fineTune, {
    params: {...tuned, task: 'topic', labels: 'all', seed: 1},
    in: {train: trainFile!, dev: devFile!, test: testFile!, idf: words},
  });
  const {labels, predictions} = readPredictions(out.dev, task);
  return accuracy(labels as string[], predictions);
};

test('32 examples are learnt by heart', async () => {
  const few = train.slice(0, 32);
  expect(await accuracyAfter(few, few)).toBe(1);
});

test('true labels are learnt, shuffled ones give chance', async () => {
  const shuffled = createRandom(1).shuffle(train.map(example => example.label));
  const wrong = train.map((example, at) => ({...example, label: shuffled[at]!}));
  // Twelve labels, 300 rows: chance is 1/12, and four standard deviations above it .147.
  expect(await accuracyAfter(wrong, dev)).toBeLessThan(0.147);
  expect(await accuracyAfter(train, dev)).toBeGreaterThan(0.2);
});

test('the same seed gives the same bytes, another seed does not; a checkpoint changes nothing', async () => {
  const vectors = join(folder, 'vectors.arrow');
  const random = createRandom('teacher');
  const writer = openArrowWriter(vectors, {id: 'uint32', vector: {float32: 16}});
  await writer.append({
    id: Uint32Array.from({length: 300}, (_, at) => at),
    vector: Float32Array.from({length: 300 * 16}, () => random.normal()),
  });
  await writer.close();
  const distil = async (seed: number, aborted?: AbortSignal, at?: string) => {
    const {out} = await runStage(trainStudent, {
      params: {method: 'ltd', student, epochs: 40, batch: 16, heldOut: 20, seed},
      in: {sentences: join(folder, 'sentences.arrow'), idf: words, vectors},
      ...(aborted && {signal: aborted}),
      ...(at !== undefined && {folder: at}),
    });
    return [readFileSync(join(out.student, 'model.safetensors')), readFileSync(out.metrics)] as const;
  };
  const [model, metrics] = await distil(1);
  const [again, metricsAgain] = await distil(1);
  expect(again.equals(model)).toBe(true);
  expect(metricsAgain.equals(metrics)).toBe(true);
  expect((await distil(2))[0].equals(model)).toBe(false);

  // Stopped somewhere after the checkpoint of step 250 and started again in the same folder.
  const interrupted = await scratchFolder();
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 2500);
  await distil(1, controller.signal, interrupted).catch(() => {});
  const [resumed, resumedMetrics] = await distil(1, undefined, interrupted);
  expect(resumed.equals(model)).toBe(true);
  expect(resumedMetrics.equals(metrics)).toBe(true);
});
