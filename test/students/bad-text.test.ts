import {join} from 'node:path';
import {expect, test} from 'vitest';
import embedStudent from '../../stages/embed-student.ts';
import idf from '../../stages/idf.ts';
import trainStudent from '../../stages/train-student.ts';
import {writeFileSync} from 'node:fs';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {readWordIdf} from '../../src/models/read-word-idf.ts';
import {openTextEncoder, studentVocabulary} from '../../src/models/student-tokens.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const sentencesFile = async (texts: readonly string[], ids = Uint32Array.from(texts.keys())): Promise<string> => {
  const file = join(await scratchFolder(), 'sentences.arrow');
  const writer = openArrowWriter(file, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await writer.append({id: ids, text: texts, source: texts.map(() => 'x')});
  await writer.close();
  return file;
};

const odd = {
  empty: '',
  spaces: ' \t\u3000 ',
  megabyte: 'word '.repeat(210_000),
  oneWord: 'x'.repeat(1_000_000),
  mixed: 'BERT 模型 и слова ミックス 12３',
  emoji: '😀 👩‍👩‍👧 🏳️‍🌈',
  surrogates: 'a \ud83d b \udc00 c',
  rightToLeft: '\u202eשלום עולם مرحبا\u202c',
};
const texts = [...Object.values(odd), ...Array.from({length: 40}, (_, at) => `我们 的 word ${at % 7} 天气 很 好`)];

test.each([
  ['word', 'en'],
  ['word', 'zh'],
  ['character', 'zh'],
] as const)('%s, %s: any text has tokens, at most maxTokens, and weights that sum to 1', async (unit, language) => {
  const {out} = await runStage(idf, {params: {language}, in: {sentences: await sentencesFile(texts)}});
  const table = readWordIdf(out.table);
  const shape = {unit, language, pooling: 'idf', smoothing: 0.1, maxTokens: 16} as const;
  const vocabulary = await studentVocabulary(table, {unit, vocabulary: 100});
  const encode = await openTextEncoder(shape, vocabulary, table);
  for (const [name, text] of Object.entries(odd)) {
    const {ids, weights} = encode(text);
    expect(ids.length, name).toBeGreaterThan(0);
    expect(ids.length, name).toBeLessThanOrEqual(16);
    expect(
      weights.reduce((sum, weight) => sum + weight, 0),
      name,
    ).toBeCloseTo(1, 5);
    expect(
      ids.every(id => id > 0 && id < vocabulary.size),
      name,
    ).toBe(true);
  }
});

test('sentences without a word, and words that no student has a token of, are refused', async () => {
  const nothing = await sentencesFile(['', '  ', '\u3000\t']);
  for (const language of ['en', 'zh'] as const)
    await expect(runStage(idf, {params: {language}, in: {sentences: nothing}})).rejects.toThrow(
      'None of the 3 sentences',
    );
  const once = await sentencesFile(['ann', 'bob']);
  await expect(runStage(idf, {params: {minDocumentFrequency: 2}, in: {sentences: once}})).rejects.toThrow(
    'None of the 2 words',
  );
  const {out} = await runStage(idf, {in: {sentences: once}});
  await expect(
    runStage(trainStudent, {
      params: {method: 'ltd', student: {unit: 'word'}, epochs: 1, seed: 1},
      in: {sentences: once, vectors: once, idf: out.table},
    }),
  ).rejects.toThrow('lists 2 words, and a student with `unit: word` finds no token in them');
});

test('vectors of other ids than the sentences’ are refused, with both counts; a student of odd texts gives numbers', async () => {
  const sentences = await sentencesFile(texts);
  const idfFile = (await runStage(idf, {params: {language: 'zh'}, in: {sentences}})).out.table;
  const vectorsOf = async (from: number): Promise<string> => {
    const file = join(await scratchFolder(), 'vectors.arrow');
    const writer = openArrowWriter(file, {id: 'uint32', vector: {float32: 4}});
    await writer.append({
      id: Uint32Array.from(texts, (_, at) => at + from),
      vector: Float32Array.from({length: texts.length * 4}, (_, at) => Math.sin(at)),
    });
    await writer.close();
    return file;
  };
  const student = {unit: 'character' as const, embedding: 4, hidden: 4, maxTokens: 16};
  const distil = async (vectors: string) =>
    runStage(trainStudent, {
      params: {method: 'ltd', language: 'zh', student, epochs: 1, batch: 8, heldOut: 8, seed: 1},
      in: {sentences, vectors, idf: idfFile},
    });
  await expect(distil(await vectorsOf(1))).rejects.toThrow(
    /holds 48 vectors, .* 48 sentences; row 0 has the id 1 in the first and 0 in the second/,
  );
  const {out} = await distil(await vectorsOf(0));
  const task = join(await scratchFolder(), 'dev.tsv');
  const cells = Object.values(odd).map((text, id) => `${id}\t${text.replaceAll('\t', ' ')}\tx\n`);
  writeFileSync(task, `id\tsentence1\tlabel\n${cells.join('')}`);
  const made = await runStage(embedStudent, {in: {student: out.student, tasks: task, idf: idfFile}});
  const vectors = readArrow(made.out.vectors).vectors('vector');
  for (let row = 0; row < vectors.rows; row++) expect(vectors.row(row).every(Number.isFinite)).toBe(true);
}, 60_000);
