import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {afterEach, beforeEach} from 'vitest';
import {formatResults} from '../../src/report/format-results.ts';
import {keyHash, type Key} from '../../src/runner/key/key.ts';
import {recordText} from '../../src/runner/key/lock-record.ts';
import {results, runs} from './fixture.ts';

const bin = fileURLToPath(new URL('../../bin/pipeline.js', import.meta.url));

/** The scratch project of the test that runs; a test may look at a folder of it instead. */
export const project = {root: ''};

beforeEach(() => {
  project.root = mkdtempSync(path.join(tmpdir(), 'diff-'));
  write('pipeline.yaml', 'version: 1\nstages:\n  words:\n    run: "true"\n');
  write('package.json', '{}');
});
afterEach(() => rmSync(project.root, {recursive: true, force: true}));

export const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(project.root, file)), {recursive: true});
  writeFileSync(path.join(project.root, file), text);
};

export const git = async (...args: string[]): Promise<void> => {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  await execa('git', [...identity, ...args], {cwd: project.root});
};
export const commit = async (message: string): Promise<void> => {
  await git('add', '-A');
  await git('commit', '-q', '-m', message);
};
export const pipeline = async (...args: string[]) => {
  // A repository around the scratch folder would be found instead of none.
  const env = {GIT_CEILING_DIRECTORIES: tmpdir(), NO_COLOR: '1'};
  const {exitCode, stdout, stderr} = await execa('node', [bin, ...args], {cwd: project.root, reject: false, env});
  return {exitCode, stdout, stderr};
};
export const diff = (...args: string[]) => pipeline('diff', ...args);

export const plain = [0.5, 0.51, 0.52, 0.53, 0.54];
export const report = (ltd: readonly number[], folder = 'reports'): void =>
  write(
    `${folder}/results.json`,
    formatResults(results([...runs('topic', 'ltd', ltd), ...runs('topic', 'plain', plain)])),
  );

export const hash = (text: string): string => keyHash({...emptyKey, node: text});
export const emptyKey: Key = {
  command: {type: 'x'},
  params: {},
  env: {},
  inputs: {},
  outputs: {},
  code: {},
  packages: {},
  engine: {},
  node: '20',
};

/** Lock files of clean → train × 2 → report, and `aside`, which the report doesn't read. */
export const locks = ({epochs, corpus, aside}: {epochs: number; corpus: string; aside: number}): void => {
  const lock = (id: string, key: Partial<Key>, output: string): void => {
    const text = recordText({...emptyKey, ...key}, {out: hash(output)} as unknown as Parameters<typeof recordText>[1]);
    write(`pipeline.lock/${id}.json`, text);
  };
  lock('clean', {command: {type: 'clean-corpus'}, inputs: {'raw: data/corpus.txt': hash(corpus)}}, corpus);
  for (const seed of ['1', '2'])
    lock(
      `train@seed=${seed}`,
      {
        command: {type: 'train-student'},
        params: {epochs},
        inputs: {'sentences: artifacts/clean/sentences.arrow': hash(corpus)},
      },
      `${corpus}${epochs}${seed}`,
    );
  const scores = ['1', '2'].map(seed => [
    `scores: artifacts/train/seed=${seed}/scores.json`,
    hash(`${corpus}${epochs}${seed}`),
  ]);
  lock('report', {command: {type: 'report'}, inputs: Object.fromEntries(scores) as Key['inputs']}, 'report');
  lock('aside', {command: {type: 'idf'}, params: {aside}}, 'aside');
};

/** Two commits: the second trained longer, on another text. */
export const history = async (): Promise<void> => {
  await git('init', '-q', '-b', 'main');
  report([0.6, 0.61, 0.62, 0.63, 0.64]);
  locks({epochs: 3, corpus: 'old', aside: 1});
  await commit('one');
  report([0.7, 0.71, 0.72, 0.73, 0.74]);
  locks({epochs: 4, corpus: 'new', aside: 2});
  await commit('two');
};
