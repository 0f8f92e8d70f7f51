import {readFileSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import taskData from '../../stages/task-data.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

/** A folder of GLUE's layout with these files. */
const glueFolder = async (files: Record<string, string>) => {
  const folder = await scratchFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), {recursive: true});
    await writeFile(join(folder, name), content);
  }
  return folder;
};
const header = 'index\tsentence1\tsentence2\tlabel\n';
const rte = {
  'RTE/train.tsv': `${header}0\tIt "rains\tIt is wet.\tentailment\n1\tA b\tC d\tnot_entailment\n`,
  'RTE/dev.tsv': `\ufeff${header}0\tit rains \tDry.\tnot_entailment\r\n`,
  'RTE/test.tsv': 'index\tsentence1\tsentence2\n0\tx\ty',
};

describe('GLUE’s files', () => {
  test('become one format; BOM, CRLF, quotes and a missing final newline are understood', async () => {
    const {out, logs} = await runStage(taskData, {params: {task: 'rte'}, in: {folder: await glueFolder(rte)}});
    expect(readFileSync(out.train, 'utf8')).toBe(
      'id\tsentence1\tsentence2\tlabel\n0\tIt "rains\tIt is wet.\tentailment\n1\tA b\tC d\tnot_entailment\n',
    );
    expect(readFileSync(out.dev, 'utf8')).toBe('id\tsentence1\tsentence2\tlabel\n0\tit rains\tDry.\tnot_entailment\n');
    expect(readFileSync(out.test, 'utf8')).toBe('id\tsentence1\tsentence2\tlabel\n0\tx\ty\t\n');
    expect(JSON.parse(readFileSync(out.summary, 'utf8'))).toEqual({
      task: 'rte',
      splits: {
        train: {rows: 2, labels: {not_entailment: 1, entailment: 1}, officialRows: 2490},
        dev: {rows: 1, labels: {not_entailment: 1, entailment: 0}, officialRows: 277},
        test: {rows: 1, labels: null, officialRows: 3000},
      },
      // "It "rains" and "it rains " are the same text.
      overlap: {texts: 1, rows: 0},
    });
    expect(logs).toContain('rte train: 2 rows; officially 2490');
  });

  test('the task’s own folder will do as well', async () => {
    const folder = join(await glueFolder(rte), 'RTE');
    const {logs} = await runStage(taskData, {params: {task: 'rte'}, in: {folder}});
    expect(logs).toContain('rte dev: 1 rows; officially 277');
  });

  test('CoLA: no header in train and dev, labels by name, a sentence alone', async () => {
    const folder = await glueFolder({
      'CoLA/train.tsv': 'gj04\t0\t*\tThe "car honked.\ngj04\t1\t\tHe left.\n',
      'CoLA/dev.tsv': 'gj04\t1\t\tShe left.',
      'CoLA/test.tsv': 'index\tsentence\n0\tWho?\n',
    });
    const {out} = await runStage(taskData, {params: {task: 'cola'}, in: {folder}});
    expect(readFileSync(out.train, 'utf8')).toBe(
      'id\tsentence1\tlabel\n0\tThe "car honked.\tunacceptable\n1\tHe left.\tacceptable\n',
    );
    expect(readFileSync(out.test, 'utf8')).toBe('id\tsentence1\tlabel\n0\tWho?\t\n');
  });

  test('no folder, or no such file: what to set', async () => {
    await expect(runStage(taskData, {params: {task: 'rte'}})).rejects.toThrow('--set data.glue=FOLDER');
    const folder = await glueFolder({'RTE/train.tsv': rte['RTE/train.tsv'], 'RTE/dev.tsv': rte['RTE/dev.tsv']});
    await expect(runStage(taskData, {params: {task: 'rte'}, in: {folder}})).rejects.toThrow(
      /needs the file RTE\/test\.tsv, which is not in .*--set data\.glue=FOLDER; or allow it: missing: \[test\]/,
    );
    const {out} = await runStage(taskData, {params: {task: 'rte', missing: ['test']}, in: {folder}});
    expect(readFileSync(out.test, 'utf8')).toBe('id\tsentence1\tsentence2\tlabel\n');
  });

  test('a wrong label, number or row says where', async () => {
    const wrong = async (task: string, file: string, content: string) =>
      runStage(taskData, {params: {task, missing: ['test', 'dev']}, in: {folder: await glueFolder({[file]: content})}});
    await expect(wrong('rte', 'RTE/train.tsv', `${header}0\ta\tb\tmaybe\n`)).rejects.toThrow(
      /train\.tsv:2: expected one of the labels not_entailment, entailment, found "maybe"/,
    );
    await expect(wrong('wnli', 'WNLI/train.tsv', `${header}0\ta\tb\tentailment\n`)).rejects.toThrow('labels 0, 1');
    await expect(wrong('rte', 'RTE/train.tsv', `${header}0\ta\n`)).rejects.toThrow('at least 4 columns, found 2');
    const row = `0${'\tx'.repeat(6)}\ta\tb\t`;
    await expect(wrong('sts-b', 'STS-B/train.tsv', `header\n${row}5.2\n`)).rejects.toThrow(
      'expected a number from 0 to 5, found "5.2"',
    );
  });
});

test('fewer rows than were asked for are said so', async () => {
  const {logs} = await runStage(taskData, {params: {task: 'topic', trainRows: 20_000, devRows: 10}});
  expect(logs.some(line => /^train: 20000 rows were asked for, \d+ could be made$/.test(line))).toBe(true);
  expect(logs).toContain('topic dev: 10 rows');
});

test('what a task loads by name is declared', () => {
  expect(taskData.uses?.(taskData.params.parse({task: 'sts-b'}))).toEqual(['src/tasks/sts-b.ts']);
  expect(taskData.params.safeParse({task: '../x'}).success).toBe(false);
  expect(taskData.params.safeParse({task: 'rte', unknown: 1}).success).toBe(false);
});

test('brown: false refuses the task that is made from Brown, and no other', async () => {
  const small = {trainRows: 20, devRows: 10, brown: false};
  await expect(runStage(taskData, {params: {task: 'genre', ...small}})).rejects.toThrow(
    'The task "genre" is made from the Brown corpus, which `brown: false` leaves out. Take genre out of `tasks`',
  );
  await runStage(taskData, {params: {task: 'topic', ...small}});
});
