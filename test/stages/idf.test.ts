import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import idf from '../../stages/idf.ts';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const sentencesFile = async (texts: readonly string[]) => {
  const path = join(await scratchFolder(), 'sentences.arrow');
  const writer = openArrowWriter(path, {id: 'uint32', text: 'utf8', source: 'utf8'});
  // Two batches, as a long corpus has them.
  for (const [start, part] of [texts.slice(0, 2), texts.slice(2)].entries()) {
    await writer.append({
      id: Uint32Array.from(part, (_, at) => start * 2 + at),
      text: part,
      source: part.map(() => 's'),
    });
  }
  await writer.close();
  return path;
};

const expected = JSON.parse(readFileSync(new URL('../expected/idf-sklearn.json', import.meta.url), 'utf8')) as {
  cases: {language: 'en' | 'zh'; texts: string[]; words: Record<string, [number, number]>}[];
};

test.each(expected.cases)('the table equals scikit-learn’s: $language', async ({language, texts, words}) => {
  const {out} = await runStage(idf, {params: {language}, in: {sentences: await sentencesFile(texts)}});
  const table = readArrow(out.table);
  const [names, frequencies, values] = [
    table.strings('word'),
    table.numbers('document_frequency'),
    table.numbers('idf'),
  ];
  expect(names.toSorted()).toEqual(Object.keys(words).toSorted());
  names.forEach((word, at) => {
    expect(frequencies[at]).toBe(words[word]![0]);
    expect(values[at]).toBeCloseTo(words[word]![1], 14);
  });
  expect(table.metadata.get('documents')).toBe(String(texts.length));
  expect(table.metadata.get('language')).toBe(language);
});

test('most frequent first, ties by code unit; rare words can be left out', async () => {
  const sentences = await sentencesFile(['b a', 'b a a', 'é z', 'B']);
  const {out} = await runStage(idf, {in: {sentences}});
  expect(readArrow(out.table).strings('word')).toEqual(['b', 'a', 'z', 'é']);
  const common = await runStage(idf, {params: {minDocumentFrequency: 2}, in: {sentences}});
  expect(readArrow(common.out.table).strings('word')).toEqual(['b', 'a']);
  expect([...readArrow(common.out.table).numbers('document_frequency')]).toEqual([3, 2]);
});

test('no sentences is the user’s error', async () => {
  await expect(runStage(idf, {in: {sentences: await sentencesFile([])}})).rejects.toThrow('holds no sentences');
});
