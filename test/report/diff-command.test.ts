import {rmSync} from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {formatResults} from '../../src/report/format-results.ts';
import {project, write, git, commit, diff, plain, report, history} from './diff-rig.ts';
import {results, runs} from './fixture.ts';

test('two commits: what changed, and which edits explain it', async () => {
  await history();
  const {exitCode, stdout, stderr} = await diff('HEAD~1', 'HEAD');
  expect(stderr).toBe('');
  expect(exitCode).toBe(1);
  expect(stdout.replace(/\([0-9a-f]{10}\)/g, '(commit)')).toMatchInlineSnapshot(`
    "## HEAD~1 (commit) → HEAD (commit)

    **1 of 2 cells changed.**

    ### Headline

    | Task | Metric | Arm | Old | New | Difference | Interval | p | p adjusted | A12 | Seeds | Verdict |
    | - | - | - | -: | -: | -: | -: | -: | -: | -: | -: | -: |
    | topic | accuracy (dev) | ltd | 62.0 | 72.0 | +10.0 | +7.0 … +13.0 | 0.008 | 0.008 | 1.00 | 5 | changed |
    | topic | accuracy (dev) | plain | 52.0 | 52.0 | 0.0 | – | – | – | – | 5 | same |

    p: two-sided exact Mann-Whitney over seeds, adjusted by Holm over 1 cell that differs; "noise" means adjusted p ≥ .05, which isn't proof of no change. Interval: 95 % of the difference of medians, by the bootstrap. A12: how often a new run beats an old one.

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
  const top = project.root;
  project.root = path.join(top, 'experiments', 'a');
  write('package.json', '{}');
  write('pipeline.yaml', 'version: 1\nstages:\n  words:\n    run: "true"\n');
  report([0.6, 0.61]);
  project.root = top;
  await commit('one');
  project.root = path.join(top, 'experiments', 'a');
  report([0.7, 0.71]);
  write('below/file', '');
  project.root = path.join(project.root, 'below');
  const {stdout} = await diff();
  expect(stdout).toContain('| topic | accuracy (dev) | ltd | 60.5 | 70.5 | +10.0 |');
  project.root = top;
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
  expect(stderr).toContain('commits are to be compared, and git finds none here');
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
  rmSync(path.join(project.root, 'reports'), {recursive: true});
  expect(await diff()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('make one with `pipeline run`') as string,
  });
});

test('a shallow clone says what is missing', async () => {
  await history();
  const clone = `${project.root}-clone`;
  await execa('git', ['clone', '-q', '--depth', '1', `file://${project.root}`, clone]);
  const original = project.root;
  project.root = clone;
  try {
    const {exitCode, stderr} = await diff('HEAD~1');
    expect(stderr).toContain(
      'in this shallow clone: it holds only the newest commits. Fetch more (git fetch --deepen=50',
    );
    expect(exitCode).toBe(2);
  } finally {
    rmSync(clone, {recursive: true, force: true});
    project.root = original;
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
