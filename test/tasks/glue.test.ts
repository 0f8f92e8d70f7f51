import {existsSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {loadTask} from '../../src/tasks/load.ts';
import {findSplitFile, readSplitFile} from '../../src/tasks/read-files.ts';
import {defineTask, type Split} from '../../src/tasks/task.ts';

const folder = join(process.env['DISTILL_DATA'] ?? '../shared/data', 'glue');
const glue = ['rte', 'mrpc', 'sts-b', 'cola', 'sst-2', 'wnli', 'qnli', 'qqp', 'mnli', 'ax'];

describe.skipIf(!existsSync(folder))('GLUE’s own files (a data folder, see DISTILL_DATA)', () => {
  // Official counts are the declarations' `rows`; here stands which files the folder is known to hold in full.
  const complete: [string, Split[]][] = [
    ['rte', ['train', 'dev', 'test']],
    ['mrpc', ['train', 'dev', 'test']],
    ['sts-b', ['train', 'dev', 'test']],
    ['cola', ['train', 'dev', 'test']],
    ['sst-2', ['train', 'dev', 'test']],
    ['wnli', ['train', 'dev', 'test']],
    ['qnli', ['dev', 'test']],
    ['mnli', ['dev']],
    ['ax', ['test']],
  ];
  test.each(complete)('%s: counts, labels, no empty text', async (name, splits) => {
    const task = await loadTask(name);
    if (task.source.kind !== 'files') return expect.fail('not read from files');
    for (const split of splits) {
      const declared = task.source.splits[split]!;
      const path = findSplitFile(folder, task, split);
      expect(path, `${name} ${split}`).not.toBeNull();
      const examples = readSplitFile(path!, task, declared);
      expect(examples).toHaveLength(declared.rows);
      expect(examples.every(({text1, text2}) => text1 !== '' && text2 !== '')).toBe(true);
      expect(examples.every(({label}) => (label === null) === (split === 'test'))).toBe(true);
    }
  });

  // Counted by cut, sort and uniq -c of the label column.
  test.each([
    ['rte', {entailment: 146, not_entailment: 131}],
    ['mrpc', {equivalent: 279, not_equivalent: 129}],
    ['cola', {acceptable: 721, unacceptable: 322}],
    ['sst-2', {positive: 444, negative: 428}],
    ['wnli', {entailment: 31, not_entailment: 40}],
    ['qnli', {entailment: 2702, not_entailment: 2761}],
  ])('labels of %s dev', async (name, expected) => {
    const task = await loadTask(name);
    if (task.source.kind !== 'files') return expect.fail('not read from files');
    const examples = readSplitFile(findSplitFile(folder, task, 'dev')!, task, task.source.splits.dev!);
    const counts: Record<string, number> = {};
    for (const {label} of examples) counts[label!] = (counts[label!] ?? 0) + 1;
    expect(counts).toEqual(expected);
  });
});

test('every file of src/tasks that declares a task has its name', async () => {
  const names = (await readdir(new URL('../../src/tasks', import.meta.url)))
    .filter(file => file.endsWith('.ts'))
    .map(file => file.slice(0, -3));
  const parts = ['task', 'read', 'read-files', 'load', 'summary', 'label-subset'];
  const tasks = names.filter(name => !parts.includes(name));
  expect(tasks).toEqual(expect.arrayContaining([...glue, 'topic', 'genre', 'entail', 'usage', 'sim']));
  for (const name of tasks) {
    const task = await loadTask(name);
    expect(task.primaryMetric).toBe(task.metrics[0]);
    expect(task.description).toMatch(/[.?]$/);
  }
  await expect(loadTask('read')).rejects.toThrow('must export default defineTask');
  await expect(loadTask('../io/tsv')).rejects.toThrow('Expected a task');
});

test('f1 needs a positive label', () => {
  expect(() =>
    defineTask({
      name: 'x',
      description: 'X.',
      kind: 'classification',
      shape: 'sentence',
      labels: ['a', 'b'],
      metrics: ['f1'],
      source: {kind: 'files', folder: 'X', splits: {}},
    }),
  ).toThrow('needs a positiveLabel');
});
