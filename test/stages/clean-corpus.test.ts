import {existsSync, readFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import cleanCorpus from '../../stages/clean-corpus.ts';
import taskData from '../../stages/task-data.ts';
import {readArrow} from '../../src/io/arrow.ts';
import {readTsv} from '../../src/io/tsv.ts';
import {comparable, normalize} from '../../src/text/normalize.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

type Params = NonNullable<
  Parameters<typeof runStage<typeof cleanCorpus.params, typeof cleanCorpus.inputs, typeof cleanCorpus.outputs>>[1]
>['params'];

interface Dropped {
  readonly read: Record<string, number>;
  readonly kept: Record<string, number>;
  readonly dropped: Record<string, {count: number; examples: {text: string; like?: string}[]}>;
  readonly repaired: {invalidUtf8: number; changed: number};
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);

/** Cleans lines of a file (and nothing else). */
const clean = async (raw: string | Buffer, params: Params = {}, evaluation?: string) => {
  const folder = await scratchFolder();
  await writeFile(join(folder, 'raw.txt'), raw);
  if (evaluation !== undefined) await writeFile(join(folder, 'dev.tsv'), evaluation);
  const {out, logs} = await runStage(cleanCorpus, {
    params: {sources: [], minWords: 2, ...params},
    in: {raw: join(folder, 'raw.txt'), evaluation: evaluation === undefined ? [] : join(folder, 'dev.tsv')},
  });
  const table = readArrow(out.sentences);
  return {
    texts: table.strings('text'),
    table,
    logs,
    dropped: JSON.parse(readFileSync(out.dropped, 'utf8')) as Dropped,
    report: readFileSync(out.report, 'utf8'),
    out,
  };
};
const counts = ({dropped}: Dropped) =>
  Object.fromEntries(
    Object.entries(dropped)
      .filter(([, {count}]) => count > 0)
      .map(([reason, {count}]) => [reason, count]),
  );

describe('a raw file', () => {
  test('is split into sentences, cleaned and shuffled', async () => {
    const {texts, table} = await clean('  Mr. Smith came\u00a0in. He sat down!\r\n\r\nIt was cafe\u0301 time.\n');
    expect(texts.toSorted()).toEqual(['He sat down!', 'It was café time.', 'Mr. Smith came in.']);
    expect([...table.numbers('id')]).toEqual([0, 1, 2]);
    expect(new Set(table.strings('source'))).toEqual(new Set(['raw.txt']));
  });

  test('loses duplicates, near ones too, and says what they are like', async () => {
    const long = 'the quick brown fox jumps over the lazy dog and runs into the dark forest';
    const {texts, dropped, report} = await clean(
      `${long}\n${long.toUpperCase()}!\n${long} again\nthe quick brown fox`,
      {},
      'sentence1\nan unrelated text of evaluation data\nand another one of them\n',
    );
    expect(texts.toSorted()).toEqual([long, 'the quick brown fox'].toSorted());
    expect(counts(dropped)).toEqual({duplicate: 1, 'near-duplicate': 1});
    expect(dropped.dropped['near-duplicate']?.examples).toEqual([
      {text: `${long} again`, source: 'raw.txt', like: long},
    ]);
    expect(report).toContain(`- \`${long} again\` (raw.txt), like \`${long}\``);
    expect((await clean(`${long}\n${long} again`, {nearDuplicates: null})).texts).toHaveLength(2);
  });

  test('keeps to the limits of length', async () => {
    const {texts, dropped} = await clean('one\none two\none two three, four!\na b c d e', {minWords: 2, maxWords: 4});
    expect(texts.toSorted()).toEqual(['one two', 'one two three, four!']);
    expect(counts(dropped)).toEqual({'too-short': 1, 'too-long': 1});
  });

  test('maxSentences takes a sample, and counts what it leaves out', async () => {
    const raw = Array.from({length: 500}, (_, at) => `sentence number ${at}`).join('\n');
    const all = await clean(raw);
    const some = await clean(raw, {maxSentences: 100});
    expect(some.texts).toEqual(all.texts.slice(0, 100));
    expect(counts(some.dropped)).toEqual({'over-limit': 400});
    const numbers = some.texts.map(text => Number(text.split(' ')[2]));
    // A fair sample of 0 … 499: mean 249.5, standard error 13.
    expect(Math.abs(numbers.reduce((a, b) => a + b, 0) / 100 - 249.5)).toBeLessThan(52);
  });

  test('the same bytes again; the seed changes the order only', async () => {
    const raw = Array.from({length: 300}, (_, at) => `a sentence ${at}`).join('\n');
    const [once, twice, other] = [await clean(raw), await clean(raw), await clean(raw, {seed: 2})];
    expect(readFileSync(once.out.sentences).equals(readFileSync(twice.out.sentences))).toBe(true);
    expect(readFileSync(once.out.report, 'utf8')).toBe(readFileSync(twice.out.report, 'utf8'));
    expect(other.texts).not.toEqual(once.texts);
    expect(other.texts.toSorted()).toEqual(once.texts.toSorted());
  });

  test('Chinese, cut by jieba', async () => {
    const {texts, dropped} = await clean('我来到北京清华大学。他买了一台电脑！\n你好。', {language: 'zh', minWords: 3});
    expect(texts.toSorted()).toEqual(['他买了一台电脑！', '我来到北京清华大学。'].toSorted());
    expect(counts(dropped)).toEqual({'too-short': 1});
  });
});

describe('evaluation data', () => {
  const header = 'id\tsentence1\tsentence2\tlabel\n';
  const long = 'she wrote a long letter to her brother about the garden and the old house';

  test('equal, nearly equal and contained sentences are dropped; training data is not looked at', async () => {
    const evaluation = `${header}0\tThe cat sat down.\t${long}\tx\n1\tHe came home late. It was raining hard.\tb\tx\n`;
    const raw = `the CAT sat down\n${long} today\nIt was raining hard!\nthe cat stood up\nHe came home late. It was raining hard.`;
    const {texts, dropped} = await clean(raw, {minWords: 3}, evaluation);
    expect(texts).toEqual(['the cat stood up']);
    expect(counts(dropped)).toEqual({evaluation: 4, 'near-evaluation': 1});
  });

  test('a file without sentence1 is an error', async () => {
    await expect(clean('a b', {}, 'text\tlabel\na\tb\n')).rejects.toThrow(
      /dev\.tsv:1: expected a column "sentence1", found text, label/,
    );
  });

  test('an empty test.tsv (a header only) is fine', async () => {
    expect((await clean('the cat stood up', {}, header)).texts).toHaveLength(1);
  });
});

describe('bad input', () => {
  test('empty lines, emoji, lone marks, right-to-left text, a megabyte in one line, bytes that are no UTF-8', async () => {
    const raw = Buffer.concat([
      Buffer.from('\ufeff\n   \n\t\u0000\u200b\n😀😀 👩‍👩‍👧\n\u202eשלום עולם טוב\u202c\n'),
      Buffer.from(`${'word '.repeat(200_000)}\n`),
      Buffer.from([0x67, 0x6f, 0x6f, 0x64, 0x20, 0xff, 0xfe, 0x20, 0x77, 0x6f, 0x72, 0x64, 0x0a]),
      Buffer.from('the last line'),
    ]);
    const {texts, dropped, report} = await clean(raw);
    expect(texts.toSorted()).toEqual(['good \ufffd\ufffd word', 'the last line', 'שלום עולם טוב']);
    expect(counts(dropped)).toEqual({empty: 3, 'too-short': 1, 'too-long': 1});
    expect(dropped.repaired.invalidUtf8).toBe(1);
    expect(report.split('\n').every(line => line.length < 400)).toBe(true);
    for (const text of texts) expect(normalize(text)).toBe(text);
  });

  test('a file of nothing, nothing to read, and limits that cross are the user’s errors', async () => {
    await expect(clean('')).rejects.toThrow('No sentence is left');
    await expect(runStage(cleanCorpus, {params: {sources: ['brown'], brown: false}})).rejects.toThrow(
      'nothing to clean',
    );
    await expect(clean('a b', {minWords: 5, maxWords: 4})).rejects.toThrow(
      'minWords (5) must not be above maxWords (4)',
    );
    await expect(clean(Buffer.from('\ufeffa b', 'utf16le'))).rejects.toThrow('is UTF-16');
  });

  test('nothing is left in the scratch folder, after a failure either', async () => {
    const folder = await scratchFolder();
    await writeFile(join(folder, 'raw.txt'), 'a b');
    await expect(
      runStage(cleanCorpus, {folder, params: {sources: []}, in: {raw: join(folder, 'raw.txt')}}),
    ).rejects.toThrow('No sentence is left');
    expect(existsSync(join(folder, 'scratch', 'kept.txt'))).toBe(false);
  });
});

describe('WordNet and Brown', () => {
  let dev: string[];
  let out: Record<'sentences' | 'dropped' | 'report', string>;
  let texts: string[];
  let sources: string[];
  beforeAll(async () => {
    dev = [];
    for (const task of ['topic', 'genre', 'entail']) dev.push((await runStage(taskData, {params: {task}})).out.dev);
    ({out} = await runStage(cleanCorpus, {in: {evaluation: dev}}));
    const table = readArrow(out.sentences);
    [texts, sources] = [table.strings('text'), table.strings('source')];
  });

  test('give 150,000 to 200,000 sentences, and the report adds up', () => {
    expect(texts.length).toBeGreaterThan(150_000);
    expect(texts.length).toBeLessThan(200_000);
    const dropped = JSON.parse(readFileSync(out.dropped, 'utf8')) as Dropped;
    expect(sum(dropped.kept)).toBe(texts.length);
    // 117,791 definitions, 48,557 examples, 57,340 sentences of Brown.
    expect(sum(dropped.read)).toBe(223_688);
    expect(Object.values(dropped.dropped).reduce((total, {count}) => total + count, 0)).toBe(223_688 - texts.length);
  });

  test('no dev text of any task is in the corpus, and no text twice', () => {
    const inCorpus = new Set(texts.map(comparable));
    expect(inCorpus.size).toBe(texts.length);
    const evaluated = dev.flatMap(path => [...readTsv(path)].slice(1).flatMap(({cells}) => cells.slice(1, -1)));
    expect(evaluated.length).toBeGreaterThan(5000);
    expect(evaluated.filter(text => inCorpus.has(comparable(text)))).toEqual([]);
  });

  test('the first sentences are a fair sample of the sources', () => {
    const share = (part: string[]) => part.filter(source => source === 'brown').length / part.length;
    // Standard error of 2,000 draws: .01.
    expect(Math.abs(share(sources.slice(0, 2000)) - share(sources))).toBeLessThan(0.04);
  });

  test('brown: false leaves Brown out', async () => {
    const without = await runStage(cleanCorpus, {params: {brown: false, maxSentences: 1000}});
    expect(new Set(readArrow(without.out.sentences).strings('source'))).toEqual(
      new Set(['wordnet definitions', 'wordnet examples']),
    );
  });
});
