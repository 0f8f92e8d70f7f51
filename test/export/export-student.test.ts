import {readFileSync, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import exportStudent from '../../stages/export-student.ts';
import type {StudentFacts} from '../../src/models/export/model-card.ts';
import {openEngine} from '../../src/engine/engine.ts';
import {serveStudent} from '../../src/models/export/served-student.ts';
import {openStudentEncoder} from '../../src/models/student-encoder.ts';
import {openNetwork} from '../../src/training/labels/network.ts';
import {cosine, rowsOf} from '../../src/math/vector-rows.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import {chineseTexts, englishTexts, tinyStudent} from './tiny-student.ts';

const trainedVectors = async (folder: string, texts: readonly string[]) => {
  const network = await openNetwork({folder, model: 'bilstm'});
  const encoder = openStudentEncoder({...network, engine: await openEngine({threads: 1})});
  const vectors = await encoder.encode(texts.map(network.encodeText));
  await encoder.close();
  return rowsOf(vectors, network.width);
};

type Options = Parameters<typeof tinyStudent>[2];

const exported = async (texts: readonly string[], options: Options) => {
  const made = await tinyStudent(await scratchFolder(), texts, options);
  const {out} = await runStage(exportStudent, {in: made, params: {model: options.model ?? 'bilstm'}});
  const facts = JSON.parse(readFileSync(out.parity, 'utf8')) as StudentFacts;
  const of = (precision: string) => facts.files.find(file => file.precision === precision)!.cosine;
  return {facts, of, folder: out.model};
};

const wordpiece = fileURLToPath(new URL('../expected/tokenizers/wordpiece.json', import.meta.url));

const cases: readonly [string, Options][] = [
  ['words, even weights', {unit: 'word', pooling: 'mean'}],
  ['words, IDF', {unit: 'word', pooling: 'idf'}],
  ['characters, largest', {unit: 'character', pooling: 'max'}],
  ['characters, the first', {unit: 'character', pooling: 'cls'}],
  ['two layers', {unit: 'word', pooling: 'idf', settings: {layers: 2}}],
  ['static, IDF', {model: 'static', unit: 'word', pooling: 'idf'}],
  [
    'static, as wide as the teacher',
    {model: 'static', unit: 'word', pooling: 'mean', embedding: 10, settings: {map: 'none'}},
  ],
  ['convolutions', {model: 'conv', unit: 'word', pooling: 'idf', settings: {reach: 2}}],
  ['encoder', {model: 'encoder', unit: 'word', pooling: 'mean', hidden: 16, settings: {heads: 2}}],
  ['pieces, even weights', {unit: 'teacher-piece', pooling: 'mean', tokenizerFile: wordpiece}],
];

test.each(cases)('a student leaves with the vectors of training: %s', {timeout: 120_000}, async (_, options) => {
  const {facts, of} = await exported(englishTexts, options);
  expect(facts.equalIds).toBe(facts.texts);
  expect(of('float32').mean).toBeGreaterThan(0.99999);
  expect(of('float16').mean).toBeGreaterThan(0.9999);
  expect(of('int8').mean).toBeGreaterThan(0.99);
});

test(
  'pieces of words weigh by their words in training and by themselves outside: said, and kept apart',
  {timeout: 120_000},
  async () => {
    const {facts, of} = await exported(englishTexts, {unit: 'teacher-piece', pooling: 'idf', tokenizerFile: wordpiece});
    expect(facts.equalIds).toBe(facts.texts);
    expect(facts.exactWeights).toBe(false);
    expect(of('float32').mean).toBeGreaterThan(0.9);
    const chinese = await exported(chineseTexts, {unit: 'character', pooling: 'idf', language: 'zh'});
    expect(chinese.facts).toMatchObject({equalIds: chineseTexts.length, exactWeights: false, modules: true});
    expect(chinese.of('float32').mean).toBeGreaterThan(0.99);
    expect(readFileSync(`${chinese.folder}/README.md`, 'utf8')).toContain('a character has its mean weight');
  },
);

test(
  'served from its own folder a student has the vectors of training, whatever its weights follow from',
  {timeout: 120_000},
  async () => {
    const {student} = await tinyStudent(await scratchFolder(), englishTexts, {unit: 'teacher-piece', pooling: 'idf', tokenizerFile: wordpiece}); // prettier-ignore
    const trained = await trainedVectors(student, englishTexts);
    for (const [precision, least] of [
      ['float32', 0.99999],
      ['float16', 0.9999],
      ['int8', 0.99],
      ['int4', 0.95],
    ] as const) {
      // prettier-ignore
      const served = await serveStudent({folder: student, precision, rows: 3});
      const ours = rowsOf(await served.embed(englishTexts), served.width);
      await served.close();
      for (const row of englishTexts.keys()) expect(cosine(ours.row(row), trained.row(row))).toBeGreaterThan(least);
    }
  },
);

test('several threads give the vectors of one, to each call its own', {timeout: 120_000}, async () => {
  const {student} = await tinyStudent(await scratchFolder(), englishTexts, {unit: 'word', pooling: 'idf'});
  const texts = Array.from({length: 60}, (_, at) => englishTexts.slice(at % 5, 1 + (at % 11)).join(' ') || 'a word');
  const [one, three] = [
    await serveStudent({folder: student}),
    await serveStudent({folder: student, threads: 3, rows: 4}),
  ];
  const expected = rowsOf(await one.embed(texts), one.width);
  const calls = [texts, texts.slice(20, 40), texts.slice(7, 8), [], texts.slice(30)];
  const found = await Promise.all(calls.map(call => three.embed(call)));
  for (const [at, call] of calls.entries()) {
    const rows = rowsOf(found[at]!, three.width);
    expect(found[at]).toHaveLength(call.length * three.width);
    for (const [row, text] of call.entries())
      expect(cosine(rows.row(row), expected.row(texts.indexOf(text)))).toBeGreaterThan(0.999999);
  }
  await Promise.all([one.close(), three.close()]);
});

test.each([
  ['static', 0],
  ['bilstm', 2],
] as const)('%s: of three threads asked for, %i are started', {timeout: 120_000}, async (model, expected) => {
  const {student} = await tinyStudent(await scratchFolder(), englishTexts, {model, unit: 'word', pooling: 'idf'});
  let started = 0;
  const count = () => (started += 1);
  process.on('worker', count);
  try {
    const served = await serveStudent({folder: student, threads: 3, rows: 1});
    await served.embed(englishTexts);
    await served.close();
  } finally {
    process.off('worker', count);
  }
  expect(started).toBe(expected);
});

test('the same student leaves as the same bytes', {timeout: 120_000}, async () => {
  const made = await tinyStudent(await scratchFolder(), englishTexts, {unit: 'word'});
  const [a, b] = [await runStage(exportStudent, {in: made}), await runStage(exportStudent, {in: made})];
  const names = readdirSync(a.out.model, {recursive: true, encoding: 'utf8'}).filter(name => !statSync(join(a.out.model, name)).isDirectory()); // prettier-ignore
  expect(names).toContain(join('onnx', 'model_quantized.onnx'));
  expect(names).toContain('modules.json');
  for (const name of names)
    expect(readFileSync(join(b.out.model, name))).toEqual(readFileSync(join(a.out.model, name)));
});

test('what cannot leave is refused with what to do', {timeout: 120_000}, async () => {
  const folder = await scratchFolder();
  const run = async (options: Options, params: object = {}) =>
    runStage(exportStudent, {in: await tinyStudent(folder, englishTexts, options), params});
  await expect(run({pooling: 'last'})).rejects.toThrow('pooling "last" cannot be exported');
  await expect(run({}, {model: 'static'})).rejects.toThrow('write params: {model: bilstm}');
  await expect(run({}, {leastCosine: {int8: 1.1}})).rejects.toThrow(
    /model_quantized\.onnx: mean cosine .* expected 1\.1/,
  );
  await expect(run({embedding: 7}, {precisions: ['int4']})).rejects.toThrow('embeddings of 7 numbers cannot be packed');
  await expect(run({}, {precisions: ['int2']})).rejects.toThrow();
});
