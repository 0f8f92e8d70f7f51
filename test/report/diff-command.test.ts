import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {formatResults} from '../../src/report/results.ts';
import {keyHash, type Key} from '../../src/runner/key/key.ts';
import {recordText} from '../../src/runner/key/lock-record.ts';
import {results, runs} from './fixture.ts';

const bin = fileURLToPath(new URL('../../bin/pipeline.js', import.meta.url));

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'diff-'));
  write('pipeline.yaml', 'version: 1\nstages:\n  words:\n    run: "true"\n');
  write('package.json', '{}');
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, file)), {recursive: true});
  writeFileSync(path.join(root, file), text);
};

const git = async (...args: string[]): Promise<void> => {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  await execa('git', [...identity, ...args], {cwd: root});
};
const commit = async (message: string): Promise<void> => {
  await git('add', '-A');
  await git('commit', '-q', '-m', message);
};
const diff = async (...args: string[]) => {
  // A repository around the scratch folder would be found instead of none.
  const env = {GIT_CEILING_DIRECTORIES: tmpdir(), NO_COLOR: '1'};
  const {exitCode, stdout, stderr} = await execa('node', [bin, 'diff', ...args], {cwd: root, reject: false, env});
  return {exitCode, stdout, stderr};
};

const plain = [0.5, 0.51, 0.52, 0.53, 0.54];
const report = (ltd: readonly number[], folder = 'reports'): void =>
  write(
    `${folder}/results.json`,
    formatResults(results([...runs('topic', 'ltd', ltd), ...runs('topic', 'plain', plain)])),
  );

const hash = (text: string): string => keyHash({...emptyKey, node: text});
const emptyKey: Key = {
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
const locks = ({epochs, corpus, aside}: {epochs: number; corpus: string; aside: number}): void => {
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
const history = async (): Promise<void> => {
  await git('init', '-q', '-b', 'main');
  report([0.6, 0.61, 0.62, 0.63, 0.64]);
  locks({epochs: 3, corpus: 'old', aside: 1});
  await commit('one');
  report([0.7, 0.71, 0.72, 0.73, 0.74]);
  locks({epochs: 4, corpus: 'new', aside: 2});
  await commit('two');
};

test('two commits: what changed, and which edits explain it', async () => {
  await history();
  const {exitCode, stdout, stderr} = await diff('HEAD~1', 'HEAD');
  expect(stderr).toBe('');
  expect(exitCode).toBe(1);
  expect(stdout.replace(/\([0-9a-f]{10}\)/g, '(commit)')).toMatchInlineSnapshot(`
    "## HEAD~1 (commit) → HEAD (commit)

    **1 of 2 cells changed.**

    | Task | Metric | Arm | Old | New | Difference | p | p adjusted | Seeds | Verdict |
    | - | - | - | -: | -: | -: | -: | -: | -: | -: |
    | topic | accuracy (dev) | ltd | 62.0 | 72.0 | +10.0 | 0.008 | 0.008 | 5 | changed |

    p: two-sided exact Mann-Whitney over seeds, adjusted by Holm over 1 cell that differ; "noise" means adjusted p ≥ .05, which isn't proof of no change.

    ### What explains it

    | What | Change | In stages | Reaches the report |
    | - | - | - | - |
    | param \`aside\` | 1 → 2 | aside | no |
    | param \`epochs\` | 3 → 4 | train × 2 | yes |
    | file \`data/corpus.txt\` | edited | clean | yes |"
  `);
});

test('a clean working tree is the same as HEAD', async () => {
  await history();
  const {exitCode, stdout} = await diff();
  expect(stdout).toContain('**The results are the same: 2 cells, none differs.**');
  expect(stdout).not.toContain('What explains it');
  expect(exitCode).toBe(0);
});

test('a run that was repeated elsewhere: reproduced within noise', async () => {
  await history();
  report([0.705, 0.712, 0.718, 0.735, 0.738]);
  const {exitCode, stdout} = await diff();
  expect(stdout).toContain('**Reproduced within noise: 1 of 2 cells differs, none by more than seed noise.**');
  expect(exitCode).toBe(1);
});

test('tags, branches, a range, and JSON', async () => {
  await history();
  await git('tag', 'v1', 'HEAD~1');
  const {stdout} = await diff('--json', 'v1..main');
  const json = JSON.parse(stdout) as {
    same: boolean;
    reports: {results: {changed: {verdict: string}[]}; explanation: {causes: {key: string}[]}}[];
  };
  expect(json.same).toBe(false);
  expect(json.reports[0]?.results.changed).toMatchObject([
    {task: 'topic', arm: 'ltd', verdict: 'changed', old: {median: 0.62, n: 5}},
  ]);
  expect(json.reports[0]?.explanation.causes.map(c => c.key)).toEqual(['aside', 'epochs', 'data/corpus.txt']);
});

test("another pipeline's report beside it, made since", async () => {
  await history();
  report([0.7], 'reports/glue');
  const {exitCode, stdout} = await diff();
  expect(stdout).toContain('## reports/glue\n\n**This report is only on the new side.**');
  expect(exitCode).toBe(1);
});

test('from a folder below the root, in a repository whose root is above', async () => {
  await git('init', '-q');
  const top = root;
  root = path.join(top, 'experiments', 'a');
  write('package.json', '{}');
  write('pipeline.yaml', 'version: 1\nstages:\n  words:\n    run: "true"\n');
  report([0.6, 0.61]);
  root = top;
  await commit('one');
  root = path.join(top, 'experiments', 'a');
  report([0.7, 0.71]);
  write('below/file', '');
  root = path.join(root, 'below');
  const {stdout} = await diff();
  expect(stdout).toContain('| topic | accuracy (dev) | ltd | 60.5 | 70.5 | +10.0 |');
  root = top;
});

test.each([
  ['an unknown revision', ['nowhere'], 'git doesn\'t know the revision "nowhere". Expected a commit, tag or branch'],
  ['something that looks like an option of git', ['--', '--all'], 'git doesn\'t know the revision "--all"'],
  ['before the first commit', ['HEAD~7'], 'git doesn\'t know the revision "HEAD~7"'],
])('%s: exit 2', async (_, args, message) => {
  await history();
  const {exitCode, stderr, stdout} = await diff(...args);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(exitCode).toBe(2);
});

test('no repository: says what it needs', async () => {
  report([0.7]);
  const {exitCode, stderr} = await diff();
  expect(stderr).toContain('diff compares commits, and git finds none here');
  expect(exitCode).toBe(2);
});

test('no commit yet', async () => {
  await git('init', '-q');
  report([0.7]);
  const {exitCode, stderr} = await diff();
  expect(stderr).toContain('there is no commit yet');
  expect(exitCode).toBe(2);
});

test('no report at a commit, none in the working tree, a broken one', async () => {
  await git('init', '-q');
  await commit('empty');
  report([0.7]);
  expect(await diff()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('there is no reports/results.json at HEAD (') as string,
  });
  await commit('report');
  write('reports/results.json', '<<<<<<< HEAD');
  expect(await diff()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("reports/results.json at working tree isn't JSON") as string,
  });
  rmSync(path.join(root, 'reports'), {recursive: true});
  expect(await diff()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('make one with `pipeline run`') as string,
  });
});

test('a shallow clone says what is missing', async () => {
  await history();
  const clone = `${root}-clone`;
  await execa('git', ['clone', '-q', '--depth', '1', `file://${root}`, clone]);
  const original = root;
  root = clone;
  try {
    const {exitCode, stderr} = await diff('HEAD~1');
    expect(stderr).toContain(
      'in this shallow clone: it holds only the newest commits. Fetch more (git fetch --deepen=50',
    );
    expect(exitCode).toBe(2);
  } finally {
    rmSync(clone, {recursive: true, force: true});
    root = original;
  }
});

test('never longer than a comment on GitHub may be', async () => {
  await git('init', '-q');
  const tasks = Array.from({length: 1500}, (_, i) => `task-${i}`);
  const all = (by: number): void =>
    write(
      'reports/results.json',
      formatResults(
        results(
          tasks.flatMap(t =>
            runs(
              t,
              'ltd',
              plain.map(v => v + by),
            ),
          ),
        ),
      ),
    );
  all(0);
  await commit('one');
  all(0.1);
  const {stdout} = await diff();
  expect(stdout.length).toBeLessThanOrEqual(65_536);
  expect(stdout).toMatch(/… and \d+ more rows, left out for length\./);
});
