import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import embedTeacher from '../../stages/embed-teacher.ts';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {readBrown} from '../../src/io/brown.ts';
import {readWordNet} from '../../src/io/wordnet.ts';
import {spearman} from '../../src/math/metrics.ts';
import {openUseTokenizer} from '../../src/text/use-tokenizer.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import {cosine, mean, openTeacher} from './use-lite-rig.ts';

let folder: string;
beforeAll(async () => {
  folder = await scratchFolder();
});

const writeSentences = async (name: string, texts: readonly string[]): Promise<string> => {
  const path = join(folder, name);
  const writer = openArrowWriter(path, {id: 'uint32', text: 'utf8', source: 'utf8'});
  const id = Uint32Array.from(texts, (_, index) => index);
  await writer.append({id, text: texts, source: texts.map(() => 'test')});
  await writer.close();
  return path;
};

const writeIdf = async (rows: readonly (readonly [string, number])[]): Promise<string> => {
  const path = join(folder, 'idf.arrow');
  const columns = {word: 'utf8', document_frequency: 'uint32', idf: 'float64'} as const;
  const writer = openArrowWriter(path, columns, {metadata: {documents: '100', language: 'en'}});
  await writer.append({
    word: rows.map(([word]) => word),
    document_frequency: rows.map(() => 1),
    idf: rows.map(([, idf]) => idf),
  });
  await writer.close();
  return path;
};

const texts = [
  'A dog runs.',
  'the cat',
  '',
  'A much longer sentence about a dog that runs after the cat.',
  'Dogs',
  'the cat',
];

describe('embed-teacher', () => {
  it('writes the vectors of a corpus in its order, whatever the lengths', async () => {
    const sentences = await writeSentences('sentences.arrow', texts);
    const {out, logs} = await runStage(embedTeacher, {in: {sentences}, params: {batchPieces: 8}});
    const table = readArrow(out.vectors);
    expect(table.columns).toEqual(['id', 'vector']);
    expect([...table.numbers('id')]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(table.metadata.get('teacher')).toBe('use-lite');
    expect(logs[0]).toBe('6 sentences, vectors of 512 numbers, pooling mean');
    const vectors = table.vectors('vector');
    const teacher = await openTeacher();
    const {encode} = openUseTokenizer();
    for (const [row, text] of texts.entries()) {
      const ids = encode(text);
      const expected = await teacher.embed({ids: [ids], weights: [mean(ids.length)]});
      expect(cosine(vectors.row(row), expected)).toBeGreaterThan(0.999999);
    }
    await teacher.close();
  });

  it('weighs pieces by the IDF of their word, a word of no document most', async () => {
    const tasks = join(folder, 'train.tsv');
    writeFileSync(tasks, 'id\tsentence1\tlabel\n0\tthe dog\tx\n1\tthe cat\ty\n2\tthe dog\ty\n');
    const idf = await writeIdf([
      ['the', 0],
      ['dog', 1],
    ]);
    const {out} = await runStage(embedTeacher, {in: {tasks, idf}, params: {pooling: 'idf', smoothing: 0}});
    const table = readArrow(out.vectors);
    expect(table.strings('text')).toEqual(['the dog', 'the cat']);
    const {encode} = openUseTokenizer();
    const teacher = await openTeacher();
    const ids = encode('the dog');
    expect(ids.length).toBe(2);
    // IDF 0 for "the": all of the weight is on "dog".
    const expected = await teacher.embed({ids: [ids], weights: [Float32Array.of(0, 1)]});
    expect(cosine(table.vectors('vector').row(0), expected)).toBeGreaterThan(0.999999);
    await teacher.close();
  });

  it('takes the vectors of texts that the corpus has from there, and embeds the others once', async () => {
    const sentences = await writeSentences('known.arrow', ['the dog', 'a ship', 'not embedded']);
    const corpus = await runStage(embedTeacher, {in: {sentences}, params: {limit: 2}});
    const [one, two] = ['a', 'b'].map(name => join(folder, `${name}.tsv`));
    writeFileSync(one!, 'id\tsentence1\tsentence2\tlabel\n0\ta cat\tthe dog\tx\n1\tnot embedded\ta cat\ty\n');
    writeFileSync(two!, 'id\tsentence1\tlabel\n0\tthe dog\tx\n1\ta cat\ty\n');
    const tasks = [one!, two!];
    const {out, logs} = await runStage(embedTeacher, {in: {tasks, sentences, known: corpus.out.vectors}});
    const table = readArrow(out.vectors);
    expect(table.strings('text')).toEqual(['a cat', 'not embedded', 'the dog']);
    expect([...table.numbers('id')]).toEqual([0, 1, 2]);
    expect(logs).toContain('1 of them are sentences whose vectors are known');
    expect(table.vectors('vector').row(2)).toEqual(readArrow(corpus.out.vectors).vectors('vector').row(0));
    const alone = readArrow((await runStage(embedTeacher, {in: {tasks}})).out.vectors);
    const rowOf = new Map(alone.strings('text').map((text, row) => [text, row]));
    for (const [row, text] of table.strings('text').entries()) {
      const expected = alone.vectors('vector').row(rowOf.get(text)!);
      expect(cosine(table.vectors('vector').row(row), expected)).toBeGreaterThan(0.999999);
    }
  });

  it('refuses known vectors that were pooled otherwise, or are of other sentences', async () => {
    const sentences = await writeSentences('other.arrow', ['the dog', 'a ship']);
    const known = (await runStage(embedTeacher, {in: {sentences}})).out.vectors;
    const tasks = join(folder, 'train.tsv');
    writeFileSync(tasks, 'id\tsentence1\tlabel\n0\tthe dog\tx\n');
    await expect(
      runStage(embedTeacher, {in: {tasks, sentences, known}, params: {pooling: 'idf', idfUnit: 'piece'}}),
    ).rejects.toThrow('pooling mean, teacher use-lite; expected idfUnit piece, pooling idf, smoothing 0.1, teacher');
    const fewer = await writeSentences('fewer.arrow', ['the dog']);
    await expect(runStage(embedTeacher, {in: {tasks, sentences: fewer, known}})).rejects.toThrow('has more rows than');
    await expect(runStage(embedTeacher, {in: {sentences, known}})).rejects.toThrow('goes with the input `tasks`');
  });

  it('continues after the last chunk of a killed attempt and writes the same file', async () => {
    const sentences = await writeSentences(
      'many.arrow',
      Array.from({length: 9000}, (_, index) => `dog ${index % 100}`),
    );
    const whole = await runStage(embedTeacher, {in: {sentences}});
    const stop = new AbortController();
    const interrupted = await scratchFolder();
    // The first chunk has 8,192 sentences; the attempt ends as if by SIGTERM right after it.
    const chunkFile = join(interrupted, 'scratch/vector-chunks/0-8192x512.f32');
    const timer = setInterval(() => existsSync(chunkFile) && stop.abort(new Error('stopped')), 1);
    await expect(runStage(embedTeacher, {in: {sentences}, folder: interrupted, signal: stop.signal})).rejects.toThrow(
      'stopped',
    );
    clearInterval(timer);
    const again = await runStage(embedTeacher, {in: {sentences}, folder: interrupted});
    expect(again.logs).toContain('8192 of them were ready from an earlier attempt');
    expect(readFileSync(again.out.vectors).equals(readFileSync(whole.out.vectors))).toBe(true);
    expect(existsSync(chunkFile)).toBe(false);
  });

  it('says which input is missing', async () => {
    const sentences = await writeSentences('few.arrow', texts);
    await expect(runStage(embedTeacher)).rejects.toThrow('These parameters need the input `sentences`');
    await expect(runStage(embedTeacher, {in: {sentences}, params: {pooling: 'idf'}})).rejects.toThrow('input `idf`');
    const tasks = join(folder, 'bad.tsv');
    writeFileSync(tasks, 'text\tlabel\na\tb\n');
    await expect(runStage(embedTeacher, {in: {tasks}})).rejects.toThrow('bad.tsv:1: expected a column sentence1');
  });
});

const data = process.env['DISTILL_DATA'] ?? '../shared/data';
const stsFile = join(data, 'glue/STS-B/dev.tsv');

describe.skipIf(!existsSync(stsFile))(`STS-B dev (skipped without ${stsFile})`, () => {
  // Columns of GLUE's file: …, 7 sentence1, 8 sentence2, 9 score.
  const pairs = () =>
    readFileSync(stsFile, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(line => line.split('\t'));

  const correlation = async (
    params: {pooling: 'mean' | 'idf'; idfUnit?: 'piece'; smoothing?: number},
    sentences: string[],
  ) => {
    mkdirSync(join(folder, 'sts'), {recursive: true});
    const tasks = join(folder, 'sts/dev.tsv');
    const rows = pairs().map(cells => [cells[0], cells[7], cells[8], cells[9]].join('\t'));
    writeFileSync(tasks, `id\tsentence1\tsentence2\tlabel\n${rows.join('\n')}\n`);
    const {out} = await runStage(embedTeacher, {in: {tasks, sentences}, params});
    const table = readArrow(out.vectors);
    const rowOf = new Map(table.strings('text').map((text, row) => [text, row]));
    const vectors = table.vectors('vector');
    const vector = (text = '') => vectors.row(rowOf.get(text) ?? -1);
    return spearman(
      pairs().map(cells => cosine(vector(cells[7]), vector(cells[8]))),
      pairs().map(cells => Number(cells[9])),
    );
  };

  it('has Spearman .784 for the mean of the pieces', async () => {
    expect(await correlation({pooling: 'mean'}, [])).toBeCloseTo(0.7839, 3);
  });

  it('has Spearman .790 for the IDF-weighted mean, piece IDF over WordNet and Brown', async () => {
    const corpus = new Set<string>();
    for (const {definition, examples} of readWordNet()) for (const text of [definition, ...examples]) corpus.add(text);
    for (const {text} of readBrown()) corpus.add(text);
    const sentences = await writeSentences('corpus.arrow', [...corpus]);
    expect(await correlation({pooling: 'idf', idfUnit: 'piece', smoothing: 0}, [sentences])).toBeGreaterThan(0.7895);
  }, 400_000);
});
