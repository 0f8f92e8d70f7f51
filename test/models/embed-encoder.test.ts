import {cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {openEncoderTeacher} from '../../src/models/encoder-teacher.ts';
import embedTeacher from '../../stages/embed-teacher.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import {minilmFolder} from './real-models.ts';

const tiny = fileURLToPath(new URL('../expected/tiny-bert', import.meta.url));

const writeSentences = async (texts: readonly string[], batch = texts.length): Promise<string> => {
  const path = join(await scratchFolder(), 'sentences.arrow');
  const writer = openArrowWriter(path, {id: 'uint32', text: 'utf8', source: 'utf8'});
  for (let start = 0; start < texts.length; start += batch) {
    const text = texts.slice(start, start + batch);
    await writer.append({id: Uint32Array.from(text, (_, row) => start + row), text, source: text.map(() => 'test')});
  }
  await writer.close();
  return path;
};

/** A copy of the tiny model that pools and normalises as its modules say. */
const tinyWithModules = async (pooling: Record<string, boolean>): Promise<string> => {
  const folder = join(await scratchFolder(), 'model');
  cpSync(tiny, folder, {recursive: true});
  const types = ['Transformer', 'Pooling', 'Normalize'];
  const modules = types.map((type, idx) => ({idx, path: idx === 0 ? '' : `${idx}_${type}`, type: `models.${type}`}));
  writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
  mkdirSync(join(folder, '1_Pooling'));
  writeFileSync(join(folder, '1_Pooling', 'config.json'), JSON.stringify(pooling));
  return folder;
};

const texts = ['a cab', '', 'bad', 'a b c d e f g h i j k l m n o p', 'ea ea', 'a cab'];

describe('embed-teacher with a BERT encoder', () => {
  it('writes the vectors of a corpus in its order, as the model pools, whatever the batches', async () => {
    const folder = await tinyWithModules({pooling_mode_mean_tokens: true});
    const sentences = await writeSentences(texts, 4);
    const {out, logs} = await runStage(embedTeacher, {in: {sentences}, params: {model: folder, batchPieces: 9}});
    const table = readArrow(out.vectors);
    expect(table.columns).toEqual(['id', 'vector']);
    expect(Object.fromEntries(table.metadata)).toMatchObject({teacher: folder, pooling: 'mean'});
    expect(logs[0]).toMatch(/^6 texts, vectors of 16 numbers by .*, pooling mean$/);
    const teacher = await openEncoderTeacher({folder, threads: 1});
    const vectors = table.vectors('vector');
    for (const [row, text] of texts.entries()) {
      const own = await teacher.embed([text]);
      for (let dim = 0; dim < 16; dim++) expect(vectors.row(row)[dim]).toBeCloseTo(own[dim]!, 5);
      expect(Math.hypot(...vectors.row(row))).toBeCloseTo(1, 5);
    }
    await teacher.session.close();
  });

  it('pools by the first piece, writes float16 and every layer', async () => {
    const sentences = await writeSentences(texts);
    const options = {in: {sentences}};
    const cls = await runStage(embedTeacher, {...options, params: {model: tiny, pooling: 'cls', layers: true}});
    const half = await runStage(embedTeacher, {...options, params: {model: tiny, pooling: 'cls', storage: 'float16'}});
    const table = readArrow(cls.out.vectors);
    const layers = table.vectors('layers');
    expect(layers.dim).toBe(3 * 16);
    for (let row = 0; row < texts.length; row++) {
      const vector = table.vectors('vector').row(row);
      expect([...layers.row(row).subarray(32)]).toEqual([...vector]);
      const short = readArrow(half.out.vectors).vectors('vector').row(row);
      for (let dim = 0; dim < 16; dim++) expect(Math.abs(short[dim]! - vector[dim]!)).toBeLessThan(2 ** -10);
    }
    // The embeddings of [CLS] at position 0 are the same in every text, what attention makes of them is not.
    expect([...layers.row(0).subarray(0, 16)]).toEqual([...layers.row(2).subarray(0, 16)]);
    expect([...layers.row(0).subarray(16)]).not.toEqual([...layers.row(2).subarray(16)]);
  });

  it('weighs pieces by the IDF of their word, and special ones not at all', async () => {
    const idf = join(await scratchFolder(), 'idf.arrow');
    const writer = openArrowWriter(
      idf,
      {word: 'utf8', document_frequency: 'uint32', idf: 'float64'},
      {metadata: {documents: '100', language: 'en'}},
    );
    await writer.append({word: ['a', 'cab'], document_frequency: [9, 9], idf: [0, 3]});
    await writer.close();
    const tasks = join(await scratchFolder(), 'train.tsv');
    writeFileSync(tasks, 'id\tsentence1\tlabel\n0\ta cab\tx\n1\t\tx\n');
    const params = {model: tiny, pooling: 'idf', smoothing: 0.1} as const;
    const {out} = await runStage(embedTeacher, {in: {tasks, idf}, params});
    const table = readArrow(out.vectors);
    expect(table.strings('text')).toEqual(['a cab', '']);
    const teacher = await openEncoderTeacher({folder: tiny, threads: 1});
    const {ids} = teacher.tokenizer.encodeWithOffsets('a cab');
    expect(ids).toHaveLength(6); // [CLS] a c ##a ##b [SEP]
    // a: 0 / 1 + .1; each piece of cab: 3 / 3 + .1; their sum is 3.4
    const [a, cab] = [0.1 / 3.4, 1.1 / 3.4];
    const expected = await teacher.session.embed({
      ids: [ids],
      weights: [Float32Array.of(0, a, cab, cab, cab, 0)],
    });
    for (let dim = 0; dim < 16; dim++) expect(table.vectors('vector').row(0)[dim]).toBeCloseTo(expected[dim]!, 5);
    await teacher.session.close();
  });

  it('goes on after the last finished chunk', async () => {
    const many = Array.from({length: 9000}, (_, at) => `${'abcdefgh'[at % 8]} ${'ijklmnop'[(at >> 3) % 8]}`);
    const sentences = await writeSentences(many, 1000);
    const whole = await runStage(embedTeacher, {in: {sentences}, params: {model: tiny}});
    const folder = await scratchFolder();
    const controller = new AbortController();
    const stopped = runStage(embedTeacher, {
      ...{in: {sentences}, params: {model: tiny}, folder, signal: controller.signal},
    });
    const scratch = join(folder, 'scratch', 'vector-chunks');
    const timer = setInterval(() => {
      if (existsSync(scratch) && readdirSync(scratch).some(file => file.startsWith('0-4096'))) controller.abort();
    }, 1);
    await stopped.catch(() => undefined).finally(() => clearInterval(timer));
    const {out, logs} = await runStage(embedTeacher, {in: {sentences}, params: {model: tiny}, folder});
    expect(controller.signal.aborted).toBe(true);
    expect(logs.join('\n')).toMatch(/^(4096|8192) of them were ready from an earlier attempt$/m);
    expect(readFileSync(out.vectors).equals(readFileSync(whole.out.vectors))).toBe(true);
  });

  it('says what is wrong with a folder, a model or an input', async () => {
    const sentences = await writeSentences(['a']);
    const run = (model: string, pooling?: 'cls' | 'idf') =>
      runStage(embedTeacher, {in: {sentences}, params: {model, ...(pooling && {pooling})}});
    await expect(run('/nowhere/model')).rejects.toThrow(/folder \/nowhere\/model does not exist/);
    await expect(run(tiny, 'idf')).rejects.toThrow(/Expected one file as input `idf`/);
    await expect(run('use-lite', 'cls')).rejects.toThrow(/USE-lite has no first piece/);
  });

  const minilm = minilmFolder();
  it.skipIf(minilm === null)('in int8 stays close (needs MiniLM)', async () => {
    const sentences = JSON.parse(
      readFileSync(new URL('../expected/encoder-sentences.json', import.meta.url), 'utf8'),
    ) as string[];
    const english = await writeSentences(sentences.slice(0, 160));
    const run = (precision: 'float32' | 'int8') =>
      runStage(embedTeacher, {in: {sentences: english}, params: {model: minilm!, precision}, threads: 2});
    const [exact, rough] = [(await run('float32')).out, (await run('int8')).out];
    const [a, b] = [readArrow(exact.vectors).vectors('vector'), readArrow(rough.vectors).vectors('vector')];
    let sum = 0;
    for (let row = 0; row < 160; row++)
      sum += a.row(row).reduce((dot, value, dim) => dot + value * b.row(row)[dim]!, 0);
    expect(sum / 160).toBeGreaterThan(0.993);
  });
});
