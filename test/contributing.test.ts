import {cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {execa} from 'execa';
import {beforeAll, expect, test} from 'vitest';
import {scratchFolder} from './stage-rig.ts';

const project = join(import.meta.dirname, '..');

/** The examples of CONTRIBUTING.md by their path, as a reader would copy them: the first line of a block names its file. */
const examples = new Map(
  [...readFileSync(join(project, 'CONTRIBUTING.md'), 'utf8').matchAll(/```ts\n\/\/ (\S+)\n([^]*?)```/g)].map(
    ([, path, text]) => [path!, text!] as const,
  ),
);

let root: string;

const run = (...args: string[]) => execa('node', ['bin/pipeline.js', ...args], {cwd: root, reject: false, all: true});

/** A copy of this project's own files with the examples dropped in; its packages are this project's. */
beforeAll(async () => {
  root = await scratchFolder();
  for (const path of ['src', 'stages', 'bin', 'package.json', 'package-lock.json'])
    cpSync(join(project, path), join(root, path), {recursive: true});
  mkdirSync(join(root, 'bench'));
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  for (const [path, text] of examples) write(path, text);
});

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), {recursive: true});
  writeFileSync(join(root, path), text);
};

const sentence = (at: number): string => `the ${['cat', 'dog', 'owl'][at % 3]} number ${at} sat on mat ${at * 7}`;

test('there is one example for each of the five additions', () => {
  expect([...examples.keys()].map(dirname)).toEqual([
    'stages',
    'src/methods',
    'src/tasks',
    'src/executors',
    'src/report/tables',
  ]);
});

test('a stage type runs where its file is dropped, on an executor that is dropped too', async () => {
  write('words.txt', 'one two three\n');
  write(
    'count.yaml',
    'version: 1\nstages:\n  count: {type: count-words, in: {text: words.txt}, params: {minLength: 4}}\n',
  );
  const {exitCode, all} = await run('run', '--file', 'count.yaml', '--executor', 'gentle');
  expect(all).toContain('count');
  expect(exitCode).toBe(0);
  expect(readFileSync(join(root, 'artifacts/count/count/count.json'), 'utf8')).toBe('{"words":1}\n');
});

test('a method, a task and a table make a whole experiment', async () => {
  write('corpus.txt', Array.from({length: 60}, (_, at) => sentence(at)).join('\n'));
  const rows = (from: number, count: number): string =>
    ['text\tlabel', ...Array.from({length: count}, (_, at) => `${sentence(from + at)}\t${at % 2 ? 'yes' : 'no'}`)].join(
      '\n',
    );
  write('data/questions/train.tsv', rows(100, 6));
  write('data/questions/dev.tsv', rows(200, 2));
  write(
    'small.yaml',
    `version: 1
vars: {shape: {vocabulary: 60, embedding: 8, hidden: 8}}
stages:
  task: {type: task-data, in: {folder: data}, params: {task: questions, missing: [test]}}
  clean: {type: clean-corpus, in: {raw: corpus.txt}, params: {sources: [], minWords: 2, nearDuplicates: null}}
  idf: {type: idf, in: {sentences: "@clean.sentences"}, params: {language: en}}
  teacher: {type: embed-teacher, in: {sentences: "@clean.sentences"}, params: {pooling: mean}}
  distil:
    type: train-student
    in: {sentences: "@clean.sentences", idf: "@idf.table", vectors: "@teacher.vectors"}
    params: {method: half-and-half, student: "\${shape}", epochs: 2, batch: 8, heldOut: 8, seed: 1}
  tuned:
    type: fine-tune
    in: {train: "@task.train", dev: "@task.dev", test: "@task.test", idf: "@idf.table", students: "@distil.student"}
    params: {task: questions, labels: all, seed: 1, student: "\${shape}", epochs: {sentence: 2, pair: 2}}
  evaluate: {type: evaluate, in: {predictions: ["@tuned.dev"]}, params: {tasks: [questions]}}
  report:
    type: report
    in: {scores: "@evaluate.scores", curves: "@distil.metrics"}
    params: {title: A small one, headline: {a: tuned, b: plain}, tables: [scores, best-arm]}
`,
  );
  const {exitCode, all} = await run('run', '--file', 'small.yaml');
  expect(all).toContain('done: 8 ran');
  expect(exitCode).toBe(0);
  const report = readFileSync(join(root, 'reports/small/index.md'), 'utf8');
  expect(report).toContain('## The best single run of each task');
  expect(report).toMatch(/^\| questions \| tuned \| \d/m);
});
