import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import comparePoolings from '../../stages/compare-poolings.ts';
import {openArrowWriter} from '../../src/io/arrow.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const tsv = (folder: string, name: string, lines: readonly string[]) => {
  const path = join(folder, `${name}.tsv`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return {path, stage: 'task', axis: {task: name}};
};

const corpus = async (folder: string) => {
  const sentences = join(folder, 'sentences.arrow');
  const texts = ['the dog and the cat', 'the ship', 'the sea', 'the king'];
  const writer = openArrowWriter(sentences, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await writer.append({id: Uint32Array.from(texts.keys()), text: texts, source: texts.map(() => 'test')});
  await writer.close();
  const idf = join(folder, 'idf.arrow');
  const columns = {word: 'utf8', document_frequency: 'uint32', idf: 'float64'} as const;
  const table = openArrowWriter(idf, columns, {metadata: {documents: '4', language: 'en'}});
  await table.append({word: ['the', 'dog'], document_frequency: [4, 1], idf: [1, 1.9]});
  await table.close();
  return {sentences, idf};
};

it('ranks labelled pairs by cosine for each pooling, and passes over what has no pairs to rank', async () => {
  const folder = await scratchFolder();
  const header = 'id\tsentence1\tsentence2\tlabel';
  // From the same to the unrelated: any pooling that works has them in this order.
  const scored = tsv(folder, 'scored', [
    header,
    '0\ta dog runs across the field\ta dog runs across the field\t5',
    '1\ta dog runs across the field\ta dog is running over a field\t4',
    '2\ta dog runs across the field\tthe stock market fell sharply on Monday\t0',
    '3\tbeyond the rows that are asked for\tx\t0',
  ]);
  const classes = tsv(folder, 'classes', [
    header,
    '0\ta ship\ta ship\tsame',
    '1\ta ship\tthe theory of numbers\tother',
    '2\ta king\ta king\t',
  ]);
  const single = tsv(folder, 'single', ['id\tsentence1\tlabel', '0\ta ship\tx']);
  const three = tsv(folder, 'three', [header, '0\ta\tb\tx', '1\ta\tb\ty', '2\ta\tb\tz']);
  const {out, logs} = await runStage(comparePoolings, {
    in: {train: [scored, classes, single, three], ...(await corpus(folder))},
    params: {rows: 3},
  });
  const {pairs, poolings} = JSON.parse(readFileSync(out.scores, 'utf8')) as {
    pairs: Record<string, number>;
    poolings: {name: string; spearman: Record<string, number>}[];
  };
  expect(pairs).toEqual({scored: 3, classes: 2});
  expect(poolings.map(({name}) => name)).toEqual([
    'mean of the pieces',
    'IDF of words, shared by their pieces',
    'IDF of pieces',
  ]);
  for (const {spearman} of poolings) {
    expect(spearman['scored']).toBeCloseTo(1, 10);
    expect(spearman['classes']).toBeCloseTo(1, 10);
  }
  expect(logs).toContain('IDF of pieces: scored 1.0000, classes 1.0000');
});

it('says that there is nothing to compare', async () => {
  const folder = await scratchFolder();
  const single = tsv(folder, 'single', ['id\tsentence1\tlabel', '0\ta ship\tx']);
  const {out, logs} = await runStage(comparePoolings, {in: {train: [single], ...(await corpus(folder))}});
  expect(JSON.parse(readFileSync(out.scores, 'utf8'))).toMatchObject({pairs: {}});
  expect(logs[0]).toContain('nothing to compare');
});
