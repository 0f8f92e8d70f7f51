import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import embedLsa from '../../stages/embed-lsa.ts';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {documentFrequencies, smoothedIdf} from '../../src/math/idf.ts';
import {tfIdfRows} from '../../src/math/tf-idf.ts';
import {englishWords} from '../../src/text/words.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import {cosine} from './use-lite-rig.ts';

const texts = ['ship sea', 'sea boat', 'boat harbour', 'king land', 'land queen', 'queen throne land', 'zzz'];

const corpus = async () => {
  const folder = await scratchFolder();
  const sentences = join(folder, 'sentences.arrow');
  const writer = openArrowWriter(sentences, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await writer.append({id: Uint32Array.from(texts.keys()), text: texts, source: texts.map(() => 'test')});
  await writer.close();
  const idf = join(folder, 'idf.arrow');
  const {documents, frequencies} = documentFrequencies(texts.slice(0, 6).map(englishWords));
  const rows = [...frequencies].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const table = openArrowWriter(idf, {word: 'utf8', document_frequency: 'uint32', idf: 'float64'});
  await table.append({
    word: rows.map(([word]) => word),
    document_frequency: rows.map(([, count]) => count),
    idf: rows.map(([, count]) => smoothedIdf(documents, count)),
  });
  await table.close();
  return {sentences, idf};
};

describe('embed-lsa', () => {
  it('brings together sentences that share no word but a topic', async () => {
    const {out, logs} = await runStage(embedLsa, {in: await corpus(), params: {dim: 2}});
    const table = readArrow(out.vectors);
    expect(table.columns).toEqual(['id', 'vector']);
    expect(table.metadata.get('teacher')).toBe('lsa');
    expect(table.vectors('vector').dim).toBe(2);
    const row = (index: number) => table.vectors('vector').row(index);
    expect(cosine(row(0), row(2))).toBeGreaterThan(0.99);
    expect(Math.abs(cosine(row(0), row(4)))).toBeLessThan(0.01);
    for (let index = 0; index < texts.length; index++) expect(Math.hypot(...row(index))).toBeCloseTo(1, 5);
    // "zzz" has no column.
    expect([...row(6)]).toEqual([1, 0]);
    expect(logs[0]).toContain('7 sentences, 8 words, 2 dimensions');
  });

  it('writes the same bytes for the same seed, and only the first `limit` sentences', async () => {
    const inputs = await corpus();
    const run = async () => (await runStage(embedLsa, {in: inputs, params: {dim: 2, limit: 4}})).out.vectors;
    const [one, two] = [await run(), await run()];
    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
    expect(readArrow(one).rows).toBe(4);
  });

  it('says that there is too little text for so many dimensions', async () => {
    await expect(runStage(embedLsa, {in: await corpus()})).rejects.toThrow(
      '7 sentences with 8 words have no 300 dimensions',
    );
  });
});

it("TF-IDF rows are scikit-learn's", () => {
  // scikit-learn 1.9.1: TfidfVectorizer(vocabulary=['a', 'b', 'c'], token_pattern=r'\S+').fit_transform(['a b a', 'b c', 'd'])
  // idf_ = [1.69314718, 1.28768207, 1.69314718] (N = 3, df = 1, 2, 1)
  const idf = [1, 2, 1].map(count => smoothedIdf(3, count));
  const rows = tfIdfRows([Int32Array.of(0, 1, 0), Int32Array.of(2, 1), Int32Array.of(-1)], idf);
  expect([...rows.starts]).toEqual([0, 2, 4, 4]);
  expect([...rows.columns]).toEqual([0, 1, 1, 2]);
  [0.93470196, 0.35543247, 0.60534851, 0.79596054].forEach((value, at) =>
    expect(rows.values[at]).toBeCloseTo(value, 8),
  );
});
