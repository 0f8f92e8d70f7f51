import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, expect, test} from 'vitest';
import idf from '../../stages/idf.ts';
import trainStudent from '../../stages/train-student.ts';
import {openArrowWriter} from '../../src/io/arrow.ts';
import {createRandom} from '../../src/math/random.ts';
import {readWordIdf} from '../../src/models/read-word-idf.ts';
import {readStudent} from '../../src/models/student-folder.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const words = ['ant', 'bee', 'cat', 'dog', 'eel', 'fox', 'gnu', 'hen', 'ibis', 'jay'];
const student = {vocabulary: 100, embedding: 8, hidden: 8};
const params = {method: 'ltd', student, epochs: 3, batch: 16, heldOut: 20, warmupSteps: 2, seed: 1};
const files = {sentences: '', vectors: '', idf: ''};
let first: {readonly student: string; readonly metrics: string};

/** 120 sentences of three words, and random vectors of them. */
const corpusOf = async (
  dim: number,
  name: string,
  change: (text: string, at: number) => string = text => text,
): Promise<{sentences: string; vectors: string}> => {
  const random = createRandom(name);
  const texts = Array.from({length: 120}, (_, at) =>
    change(Array.from({length: 3}, () => words[Math.floor(random.uniform() * words.length)]!).join(' '), at),
  );
  const folder = await scratchFolder();
  const [sentences, vectors] = [join(folder, 'sentences.arrow'), join(folder, 'vectors.arrow')];
  const id = Uint32Array.from(texts.keys());
  const text = openArrowWriter(sentences, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await text.append({id, text: texts, source: texts.map(() => name)});
  await text.close();
  const vector = openArrowWriter(vectors, {id: 'uint32', vector: {float32: dim}});
  await vector.append({id, vector: Float32Array.from({length: texts.length * dim}, () => random.normal())});
  await vector.close();
  return {sentences, vectors};
};

beforeAll(async () => {
  Object.assign(files, await corpusOf(8, 'general'));
  files.idf = (await runStage(idf, {in: {sentences: files.sentences}})).out.table;
  first = (await runStage(trainStudent, {params, in: files})).out;
});

const metricsOf = (file: string) =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<'before' | 'final' | 'untrained', object | undefined>;

const goOn = async (more: object = {}, inputs: object = {}) =>
  (await runStage(trainStudent, {params: {...params, ...more}, in: {...files, start: first.student, ...inputs}})).out;

test('a student that goes on starts where the other ended, with its vocabulary', async () => {
  const {student: folder, metrics} = await goOn({seed: 2, learningRate: 1e-12, epochs: 1, embeddings: 'teacher'});
  const [start, end] = [readStudent(first.student), readStudent(folder)];
  expect(end.vocabulary).toEqual(start.vocabulary);
  expect(end.config).toEqual(start.config);
  for (const [name, {data}] of Object.entries(start.parameters)) expect(end.parameters[name]!.data).toEqual(data);
  const {before, untrained} = metricsOf(metrics);
  expect(before).toEqual(metricsOf(first.metrics).final);
  expect(untrained).toBeUndefined();
});

test('on other sentences it keeps its tokens though the table of words is theirs', async () => {
  const other = await corpusOf(8, 'other');
  const sentences = [files.sentences, other.sentences];
  const vectors = [files.vectors, other.vectors];
  const table = (await runStage(idf, {in: {sentences: other.sentences}})).out.table;
  const {student: folder} = await goOn({}, {sentences, vectors, idf: table});
  expect(readStudent(folder).vocabulary).toEqual(readStudent(first.student).vocabulary);
  expect(readStudent(folder).idf).toEqual(readWordIdf(table));
  expect(readStudent(folder).parameters['embedding']!.data).not.toEqual(readStudent(first.student).parameters['embedding']!.data); // prettier-ignore
});

test('with a limit, sentences between the first ones and the last ones do not count', async () => {
  const model = async (change?: (text: string, at: number) => string): Promise<Buffer> => {
    const corpus = await corpusOf(8, 'general', change);
    const {out} = await runStage(trainStudent, {params: {...params, limit: 48}, in: {...files, ...corpus}});
    return Buffer.concat([readFileSync(join(out.student, 'model.safetensors')), readFileSync(out.metrics)]);
  };
  const whole = await model();
  expect((await model((text, at) => (at >= 48 && at < 100 ? 'ant '.repeat(30) : text))).equals(whole)).toBe(true);
  for (const one of [0, 47, 100, 119])
    expect((await model((text, at) => (at === one ? 'ant ant' : text))).equals(whole)).toBe(false);
});

test('another shape, another width: refused, with what differs', async () => {
  const shape = {...student, hidden: 16, maxTokens: 9};
  await expect(goOn({student: shape})).rejects.toThrow(
    /another shape:\n {2}hidden: 8, the params say 16\n {2}maxTokens: 40, the params say 9\nGive `student`/,
  );
  await expect(goOn({}, await corpusOf(7, 'narrow'))).rejects.toThrow(
    /has vectors of 8 numbers, and those to learn have 7/,
  );
});
