import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {loadTask} from '../../src/tasks/load.ts';
import {findSplitFile, readSplitFile} from '../../src/tasks/read-files.ts';
import type {Split} from '../../src/tasks/task.ts';

const folder = join(process.env['DISTILL_DATA'] ?? '../shared/data', 'zh');

const examplesOf = async (name: string, split: Split) => {
  const task = await loadTask(name);
  if (task.source.kind !== 'files') return expect.fail('not read from files');
  const path = findSplitFile(folder, task, split);
  expect(path, `${name} ${split}`).not.toBeNull();
  return {examples: readSplitFile(path!, task, task.source.splits[split]!), rows: task.source.splits[split]!.rows};
};

describe.skipIf(!existsSync(folder))('Chinese tasks (a data folder, see DISTILL_DATA)', () => {
  // Counts were taken by wc -l; labels by cut, sort and uniq -c.
  const splits: readonly [string, Split, number][] = [
    ['tnews', 'train', 53360],
    ['tnews', 'dev', 10000],
    ['thucnews', 'train', 33462],
    ['thucnews', 'dev', 10000],
    ['chnsenticorp', 'train', 9600],
    ['chnsenticorp', 'dev', 1200],
    ['chnsenticorp', 'test', 1200],
    ['afqmc', 'train', 34334],
    ['afqmc', 'dev', 4316],
    ['lcqmc', 'dev', 8802],
    ['stsb-zh', 'train', 5749],
    ['stsb-zh', 'dev', 1500],
  ];
  test.each(splits)('%s %s: %i rows, each with its texts and label', async (name, split, count) => {
    const {examples, rows} = await examplesOf(name, split);
    expect(rows).toBe(count);
    expect(examples).toHaveLength(count);
    expect(examples.every(({text1, text2, label}) => text1 !== '' && text2 !== '' && label !== null)).toBe(true);
  });

  test.each([
    ['tnews', {stock: 45, story: 215, tech: 1089, world: 905}],
    ['thucnews', {finance: 1000, entertainment: 1000}],
    ['chnsenticorp', {negative: 607, positive: 593}],
    ['afqmc', {different: 2978, same: 1338}],
    ['lcqmc', {different: 4400, same: 4402}],
  ])('labels of %s dev', async (name, expected) => {
    const {examples} = await examplesOf(name, 'dev');
    const counts: Record<string, number> = {};
    for (const {label} of examples) counts[label!] = (counts[label!] ?? 0) + 1;
    expect(counts).toMatchObject(expected);
  });

  test('quotes of stsb-zh are not part of its texts', async () => {
    const {examples} = await examplesOf('stsb-zh', 'dev');
    const {text1, text2} = examples.find(example => example.text2?.includes('U2 '))!;
    expect([text1, text2]).toEqual(['一个女人在柱子旁摆出U2的标志。', '一个女人站在一根写着 "U2 "的柱子旁。']);
  });
});
