import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, expect, test} from 'vitest';
import embedStudent from '../../stages/embed-student.ts';
import embedTeacher from '../../stages/embed-teacher.ts';
import embedTokens from '../../stages/embed-tokens.ts';
import idf from '../../stages/idf.ts';
import trainStudent from '../../stages/train-student.ts';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {openVectorFiles} from '../../src/io/arrow-rows.ts';
import {readSafetensors} from '../../src/io/safetensors.ts';
import {createRandom} from '../../src/math/random.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const encoder = join(import.meta.dirname, '../expected/tiny-bert');
const names = ['ann', 'bob', 'cat', 'dog', 'eel', 'fox', 'gnu', 'hen'];
const texts = Array.from({length: 240}, (_, at) =>
  [0, 1, 2, 3].map(word => names[(at * (word + 3) + (at >> 3) * word) % names.length]).join(' '),
);

const files = {sentences: '', vectors: '', idf: '', tokens: '', tokenizer: ''};

const writeSentences = async (file: string, own: readonly string[]): Promise<void> => {
  const writer = openArrowWriter(file, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await writer.append({
    id: Uint32Array.from(own.keys()),
    text: own,
    source: own.map((_, at) => (at % 2 ? 'odd' : 'even')),
  });
  await writer.close();
};

beforeAll(async () => {
  const folder = await scratchFolder();
  files.sentences = join(folder, 'sentences.arrow');
  await writeSentences(files.sentences, texts);
  const {sentences} = files;
  const teacher = await runStage(embedTeacher, {
    params: {model: 'folder', storage: 'float16'},
    in: {sentences, model: encoder},
  });
  const tokens = await runStage(embedTokens, {in: {model: encoder}});
  files.vectors = teacher.out.vectors;
  files.idf = (await runStage(idf, {in: {sentences}})).out.table;
  files.tokens = tokens.out.vectors;
  files.tokenizer = tokens.out.tokenizer;
}, 120_000);

const kinds = [
  {name: 'bilstm of two layers', model: 'bilstm', settings: {layers: 2}},
  {name: 'static', model: 'static', settings: {}},
  {name: 'conv', model: 'conv', settings: {layers: 1}},
  {name: 'encoder', model: 'encoder', settings: {layers: 1, heads: 2}},
];

const settingsOf = ({model, settings}: {model: string; settings: Record<string, unknown>}) => ({
  method: 'ltd',
  settings: {distance: 'squared' as const},
  student: {model, settings, unit: 'teacher-piece' as const, embedding: 8, hidden: 8, vocabulary: 5000},
  embeddings: 'tokens' as const,
  epochs: 3,
  batch: 16,
  heldOut: 40,
  checkpointSteps: 10,
  seed: 1,
});

const distil = async (params: Parameters<typeof trainStudent.params.parse>[0], at?: string, signal?: AbortSignal) => {
  const {out} = await runStage(trainStudent, {
    params: params as never,
    in: files,
    ...(at !== undefined && {folder: at}),
    ...(signal && {signal}),
  });
  return out;
};

/** Aborts a training when it asks for the so-many-th time whether it shall stop. */
const abortedAfter = (asked: number): AbortSignal => {
  const controller = new AbortController();
  let times = 0;
  const {signal} = controller;
  const own = signal.throwIfAborted.bind(signal);
  signal.throwIfAborted = () => {
    if (++times >= asked) controller.abort();
    own();
  };
  return signal;
};

test.each(kinds)(
  '$name: a training that was stopped ends with the same bytes; its folder makes vectors',
  async kind => {
    const whole = await distil(settingsOf(kind));
    const folder = await scratchFolder();
    await expect(distil(settingsOf(kind), folder, abortedAfter(20))).rejects.toThrow('abort');
    const resumed = await distil(settingsOf(kind), folder);
    for (const file of ['model.safetensors', 'config.json', 'vocabulary.json', 'tokenizer.json'])
      expect(readFileSync(join(resumed.student, file)).equals(readFileSync(join(whole.student, file))), file).toBe(
        true,
      );
    expect(readFileSync(resumed.metrics).equals(readFileSync(whole.metrics))).toBe(true);

    const task = join(folder, 'train.tsv');
    const {writeFileSync} = await import('node:fs');
    writeFileSync(
      task,
      `id\tsentence1\tlabel\n0\tann bob cat\tx\n1\t\tx\n2\t😀 مرحبا \ud83d\tx\n3\t${'dog '.repeat(250_000)}\tx\n`,
    );
    const {out} = await runStage(embedStudent, {
      params: {model: kind.model},
      in: {student: whole.student, tasks: task},
    });
    const vectors = readArrow(out.vectors).vectors('vector');
    expect(vectors.rows).toBe(4);
    for (let row = 0; row < 4; row++) expect(vectors.row(row).every(Number.isFinite)).toBe(true);
    await expect(
      runStage(embedStudent, {params: {model: 'other'}, in: {student: whole.student, tasks: task}}),
    ).rejects.toThrow(`holds a student of the kind "${kind.model}"`);
  },
  120_000,
);

test('true vectors are learnt, another sentence’s are not', async () => {
  const params = {...settingsOf(kinds[0]!), epochs: 30, learningRate: 0.005};
  const final = (file: string) =>
    (JSON.parse(readFileSync(file, 'utf8')) as {final: {similaritySpearman: number}}).final;
  const learnt = final((await distil(params)).metrics);
  const shuffled = join(await scratchFolder(), 'vectors.arrow');
  const teacher = readArrow(files.vectors).vectors('vector');
  const order = createRandom(3).shuffle(Uint32Array.from({length: teacher.rows}, (_, at) => at));
  const writer = openArrowWriter(shuffled, {id: 'uint32', vector: {float32: teacher.dim}});
  await writer.append({id: Uint32Array.from(order.keys()), vector: Array.from(order, at => teacher.row(at))});
  await writer.close();
  const {out} = await runStage(trainStudent, {params: params, in: {...files, vectors: shuffled}});
  // Chance over 80 pairs has a standard error of 1/√79 = .11; both bounds are four of them away.
  expect(learnt.similaritySpearman).toBeGreaterThan(0.45);
  expect(Math.abs(final(out.metrics).similaritySpearman)).toBeLessThan(0.45);
}, 120_000);

test('vectors are read row by row as they were written, over files', () => {
  const all = openVectorFiles([files.vectors, files.vectors], 'vector');
  const teacher = readArrow(files.vectors).vectors('vector');
  expect([all.rows, all.dim]).toEqual([2 * texts.length, teacher.dim]);
  for (const at of [0, 7, texts.length - 1]) {
    expect(all.row(at)).toEqual(teacher.row(at));
    expect(all.row(texts.length + at)).toEqual(teacher.row(at));
  }
  all.close();
});

test('what does not go together is refused, with what would', async () => {
  const base = settingsOf(kinds[1]!);
  const other = join(await scratchFolder(), 'sentences.arrow');
  await writeSentences(other, texts.slice(0, 100));
  await expect(runStage(trainStudent, {params: base, in: {...files, sentences: other}})).rejects.toThrow(
    /holds 240 vectors, .* 100 sentences/,
  );
  await expect(distil({...base, student: {...base.student, settings: {map: 'none'}}})).rejects.toThrow(
    'settings: {map: linear}',
  );
  await expect(distil({...base, student: {...base.student, pooling: 'last'}})).rejects.toThrow('it has idf, mean');
  await expect(distil({...base, method: 'hinton'})).rejects.toThrow(
    'The method "hinton" does not fit sentence vectors; tasks are distilled by the stage distil-task.',
  );
  await expect(distil({...base, method: 'label-terms'})).rejects.toThrow(
    '"label-terms" does not fit sentence vectors.',
  );
  await expect(distil({...base, method: 'ldt'})).rejects.toThrow(
    'no method "ldt": expected the file src/methods/ldt.ts',
  );
  await expect(distil({...base, repeat: {evn: 2}})).rejects.toThrow('the sources are even, odd');
  await expect(runStage(trainStudent, {params: base, in: {...files, tokens: []}})).rejects.toThrow(
    'needs the input `tokens`',
  );
});

test('sentences of repeated sources count as often as asked', async () => {
  const steps = async (repeat: Record<string, number>) =>
    (JSON.parse(readFileSync((await distil({...settingsOf(kinds[1]!), repeat})).metrics, 'utf8')) as {steps: unknown[]})
      .steps.length;
  // 200 sentences in batches of 16, three times; 100 of them are even.
  expect(await steps({})).toBe(3 * 13);
  expect(await steps({even: 3})).toBe(3 * 25);
});

test('the tokens are the encoder’s pieces', () => {
  const tokens = readArrow(files.tokens).strings('token');
  expect(tokens).not.toContain('[CLS]');
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(readSafetensors(join(encoder, 'model.safetensors')).tensors).toBeDefined();
});
