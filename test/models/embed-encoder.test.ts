import {cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it, vi} from 'vitest';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {openEncoderTeacher} from '../../src/models/encoder-teacher.ts';
import embedTeacher from '../../stages/embed-teacher.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import type {RigOptions} from '../stage-rig.ts';
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
    const {out, logs} = await runStage(embedTeacher, {
      in: {sentences, model: folder},
      params: {model: 'folder', batchPieces: 9},
    });
    const table = readArrow(out.vectors);
    expect(table.columns).toEqual(['id', 'vector']);
    expect(Object.fromEntries(table.metadata)).toMatchObject({teacher: 'model', pooling: 'mean'});
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
    const options = {in: {sentences, model: tiny}};
    const cls = await runStage(embedTeacher, {...options, params: {model: 'folder', pooling: 'cls', layers: true}});
    const half = await runStage(embedTeacher, {
      ...options,
      params: {model: 'folder', pooling: 'cls', storage: 'float16'},
    });
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
    const params = {model: 'folder', pooling: 'idf', smoothing: 0.1} as const;
    const {out} = await runStage(embedTeacher, {in: {tasks, idf, model: tiny}, params});
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
    const whole = await runStage(embedTeacher, {in: {sentences, model: tiny}, params: {model: 'folder'}});
    const folder = await scratchFolder();
    const controller = new AbortController();
    const stopped = runStage(embedTeacher, {
      ...{in: {sentences, model: tiny}, params: {model: 'folder'}, folder, signal: controller.signal},
    });
    const scratch = join(folder, 'scratch', 'vector-chunks');
    const timer = setInterval(() => {
      if (existsSync(scratch) && readdirSync(scratch).some(file => file.startsWith('0-4096'))) controller.abort();
    }, 1);
    await stopped.catch(() => undefined).finally(() => clearInterval(timer));
    const {out, logs} = await runStage(embedTeacher, {in: {sentences, model: tiny}, params: {model: 'folder'}, folder});
    expect(controller.signal.aborted).toBe(true);
    expect(logs.join('\n')).toMatch(/^(4096|8192) of them were ready from an earlier attempt$/m);
    expect(readFileSync(out.vectors).equals(readFileSync(whole.out.vectors))).toBe(true);
  });

  it('says what is wrong with a folder, a model or an input', async () => {
    const sentences = await writeSentences(['a']);
    const run = (params: RigOptions<typeof embedTeacher.params, unknown>['params'], model?: string) =>
      runStage(embedTeacher, {in: {sentences, ...(model !== undefined && {model})}, params: params!});
    await expect(run({model: 'folder'}, '/nowhere/model')).rejects.toThrow(/folder \/nowhere\/model does not exist/);
    await expect(run({model: 'folder', pooling: 'idf'}, tiny)).rejects.toThrow(/need the input `idf`/);
    await expect(run({model: 'folder', idfUnit: 'piece', pooling: 'idf'}, tiny)).rejects.toThrow(/is for USE-lite/);
    await expect(run({pooling: 'cls'})).rejects.toThrow(/USE-lite has no first piece/);
    await expect(run({}, tiny)).rejects.toThrow(/goes with the parameter `model: folder`/);
    // Nothing else would notice that the files in it have changed.
    await expect(run({model: tiny})).rejects.toThrow(/Make it an input: in: \{model: .*\}, params: \{model: folder\}/);
    await expect(run({model: 'test/expected'})).rejects.toThrow(/names a folder/);
    await expect(run({model: 'folder'})).rejects.toThrow(/needs a folder as the input `model`/);
    await expect(run({model: 'a/b'}, tiny)).rejects.toThrow(/the parameter `model` is a\/b/);
  });

  it('asks for the commit of a model of the hub, and says which one it is', async () => {
    const commit = 'c'.repeat(40);
    const server = createServer((_, response) => response.end(JSON.stringify({sha: commit, siblings: []})));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('DISTILL_HUB_CACHE', await scratchFolder());
    const sentences = await writeSentences(['a']);
    const run = runStage(embedTeacher, {in: {sentences}, params: {model: 'owner/name@main'}});
    await expect(run).rejects.toThrow(`write model: owner/name@${commit}`);
    vi.unstubAllEnvs();
    server.close();
  });

  it('takes known vectors, if they are of the same model, pooling and prefix', async () => {
    const sentences = await writeSentences(['a cab', 'bad', 'not embedded']);
    const params = {model: 'folder'} as const;
    const corpus = await runStage(embedTeacher, {in: {sentences, model: tiny}, params: {...params, limit: 2}});
    const tasks = join(await scratchFolder(), 'train.tsv');
    writeFileSync(tasks, 'id\tsentence1\tsentence2\tlabel\n0\tbad\tea\tx\n1\tnot embedded\tbad\ty\n');
    const known = corpus.out.vectors;
    const {out, logs} = await runStage(embedTeacher, {in: {tasks, sentences, known, model: tiny}, params});
    const table = readArrow(out.vectors);
    expect(table.strings('text')).toEqual(['ea', 'not embedded', 'bad']);
    expect([...table.numbers('id')]).toEqual([0, 1, 2]);
    expect(table.vectors('vector').row(2)).toEqual(readArrow(known).vectors('vector').row(1));
    expect(logs).toContain('1 of them are sentences whose vectors are known');
    const again = (more: object, model = tiny) =>
      runStage(embedTeacher, {in: {tasks, sentences, known, model}, params: {...params, ...more}});
    await expect(again({pooling: 'cls'})).rejects.toThrow(/was made with pooling mean.*expected pooling cls/);
    await expect(again({prefix: 'a'})).rejects.toThrow(/expected pooling mean, prefix a/);
    await expect(again({layers: true})).rejects.toThrow(/have no layers/);
    const other = join(await scratchFolder(), 'tiny-bert');
    cpSync(tiny, other, {recursive: true});
    const bytes = readFileSync(join(other, 'model.safetensors'));
    bytes.writeFloatLE(0.5, bytes.length - 4);
    writeFileSync(join(other, 'model.safetensors'), bytes);
    await expect(again({}, other)).rejects.toThrow(/was made with .*weights/);
  });

  it('leaves no file that could be taken for whole on a full disk', async () => {
    const sentences = await writeSentences(['a cab']);
    const folder = await scratchFolder();
    symlinkSync('/dev/full', join(folder, 'vectors.arrow'));
    const run = runStage(embedTeacher, {in: {sentences, model: tiny}, params: {model: 'folder'}, folder});
    await expect(run).rejects.toThrow(/The disk is full: .*vectors\.arrow could not be written\. Make room/);
    await expect(run).rejects.toHaveProperty('name', 'StageError');
  });

  it('embeds a line of 100,000 characters, an empty one and one that is not UTF-8', async () => {
    const long = 'a b '.repeat(25_000);
    const tasks = join(await scratchFolder(), 'train.tsv');
    const row = (text: string | Buffer) => Buffer.concat([Buffer.from('0\t'), Buffer.from(text), Buffer.from('\tx\n')]);
    const broken = Buffer.from([0x61, 0x20, 0xff, 0xc3, 0x20, 0x62]);
    writeFileSync(tasks, Buffer.concat([Buffer.from('id\tsentence1\tlabel\n'), row(long), row(''), row(broken)]));
    const {out} = await runStage(embedTeacher, {in: {tasks, model: tiny}, params: {model: 'folder'}});
    const table = readArrow(out.vectors);
    // Each byte that begins no character is U+FFFD, as everywhere in Node.
    expect(table.strings('text')).toEqual([long, '', 'a \ufffd\ufffd b']);
    const teacher = await openEncoderTeacher({folder: tiny, threads: 1});
    // 12 positions: [CLS], ten pieces, [SEP]; U+FFFD is dropped by BERT's cleaning.
    const expected = await Promise.all(['a b '.repeat(5), '', 'a b'].map(text => teacher.embed([text])));
    for (const [at, own] of expected.entries())
      for (let dim = 0; dim < 16; dim++) expect(table.vectors('vector').row(at)[dim]).toBeCloseTo(own[dim]!, 5);
    await teacher.session.close();
  });

  const minilm = minilmFolder();
  it.skipIf(minilm === null)('in int8 stays close (needs MiniLM)', async () => {
    const sentences = JSON.parse(
      readFileSync(new URL('../expected/encoder-sentences.json', import.meta.url), 'utf8'),
    ) as string[];
    const english = await writeSentences(sentences.slice(0, 160));
    const run = (precision: 'float32' | 'int8') =>
      runStage(embedTeacher, {
        in: {sentences: english, model: minilm!},
        params: {model: 'folder', precision},
        threads: 2,
      });
    const [exact, rough] = [(await run('float32')).out, (await run('int8')).out];
    const [a, b] = [readArrow(exact.vectors).vectors('vector'), readArrow(rough.vectors).vectors('vector')];
    let sum = 0;
    for (let row = 0; row < 160; row++)
      sum += a.row(row).reduce((dot, value, dim) => dot + value * b.row(row)[dim]!, 0);
    expect(sum / 160).toBeGreaterThan(0.993);
  });
});
