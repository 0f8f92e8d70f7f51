import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {labelSubset} from '../../src/tasks/label-subset.ts';
import rte from '../../src/tasks/rte.ts';
import {readExamples, writeExamples} from '../../src/tasks/read.ts';
import stsB from '../../src/tasks/sts-b.ts';
import type {Example} from '../../src/tasks/task.ts';
import {scratchFolder} from '../stage-rig.ts';

const rteHeader = 'id\tsentence1\tsentence2\tlabel';

describe('readExamples', () => {
  const read = async (content: string, task = rte) => {
    const path = join(await scratchFolder(), 'dev.tsv');
    await writeFile(path, content);
    return readExamples(path, task);
  };

  test('reads what writeExamples wrote', async () => {
    const examples: Example[] = [
      {id: '0', text1: 'a "quoted" text', text2: 'b', label: 'entailment'},
      {id: '1', text1: '中文', text2: '😀', label: null},
    ];
    const path = join(await scratchFolder(), 'dev.tsv');
    await writeExamples(path, rte, examples);
    expect(readExamples(path, rte)).toEqual(examples);
  });

  test('says where and what is wrong', async () => {
    await expect(read('')).rejects.toThrow('found an empty file');
    await expect(read('id\tsentence\tlabel\n')).rejects.toThrow(
      /dev\.tsv:1: expected the columns id, sentence1, sentence2, label of the task "rte", found id, sentence, label/,
    );
    await expect(read(`${rteHeader}\n0\ta\tb\n`)).rejects.toThrow('dev.tsv:2: expected 4 columns, found 3');
    await expect(read(`${rteHeader}\n0\ta\tb\t1\n`)).rejects.toThrow(
      'dev.tsv:2: expected one of the labels not_entailment, entailment, found "1"',
    );
    await expect(read(`${rteHeader}\n0\ta\tb\thigh\n`, stsB)).rejects.toThrow('expected a number, found "high"');
  });
});

describe('labelSubset', () => {
  const examples = Array.from({length: 100}, (_, at): Example => ({
    id: String(at),
    text1: 't',
    text2: null,
    label: 'a',
  }));

  test('is the same for the same seed, another for another, in the order of the file', () => {
    const ids = (seed: number) => labelSubset(examples, 10, seed).map(({id}) => Number(id));
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
    expect(new Set(ids(1)).size).toBe(10);
    expect(ids(1)).toEqual(ids(1).toSorted((a, b) => a - b));
  });

  test('takes all where there are no more', () => {
    expect(labelSubset(examples, 'all', 1)).toEqual(examples);
    expect(labelSubset(examples, 1000, 1)).toEqual(examples);
  });
});
