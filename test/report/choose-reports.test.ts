import {expect, test} from 'vitest';
import {commit, diff, git, history, locks, pipeline, report, write} from './diff-rig.ts';

const [before, after] = [
  [0.6, 0.61, 0.62, 0.63, 0.64],
  [0.7, 0.71, 0.72, 0.73, 0.74],
] as const;

/** The default report changes between the commits; those of a profile and of another file are edited since. */
const prepare = async (): Promise<void> => {
  await history();
  write('other.yaml', 'version: 1\nname: second\nstages:\n  words:\n    run: "true"\n');
  report(before, 'reports/pipeline-smoke');
  report(before, 'reports/second');
  await commit('three');
  report(after, 'reports/pipeline-smoke');
};

test('diff: one report by its profile, by its file, and all', {timeout: 180_000}, async () => {
  await prepare();
  const smoke = await diff('HEAD', '--profile', 'smoke');
  expect(smoke.stderr).toBe('');
  expect(smoke.stdout).toContain('| topic | accuracy (dev) | ltd | 62.0 | 72.0 | +10.0 |');
  expect(smoke.stdout).not.toContain('## reports');
  const other = await diff('HEAD', '--file', 'other.yaml');
  expect(other.stdout).toContain('**The results are the same: 2 cells, none differs.**');
  const bare = await diff('HEAD', '-f', 'pipeline.yaml');
  expect([smoke.exitCode, other.exitCode, bare.exitCode]).toEqual([1, 0, 0]);
  const all = await diff('HEAD');
  for (const folder of ['reports', 'reports/pipeline-smoke', 'reports/second'])
    expect(all.stdout).toContain(`## ${folder}\n`);
});

test('metrics and params of a profile', {timeout: 180_000}, async () => {
  await prepare();
  const shown = await pipeline('metrics', '--profile', 'smoke', '--json');
  const {reports} = JSON.parse(shown.stdout) as {reports: {folder: string}[]};
  expect(reports.map(({folder}) => folder)).toEqual(['reports/pipeline-smoke']);
  const compared = await pipeline('metrics', 'HEAD', '--profile', 'smoke');
  expect(compared.stdout).toContain('**1 of 2 cells changed.**');
  const params = await pipeline('params', '--profile', 'smoke');
  expect(params.stderr).toContain('there are no lock files (pipeline.lock/pipeline-smoke/) at working tree');
  expect((await pipeline('params', '--file', 'pipeline.yaml')).stdout).toContain('| train | epochs | 4 |');
  expect([shown.exitCode, compared.exitCode, params.exitCode]).toEqual([0, 1, 2]);
});

test('what is not there is named, with what is', {timeout: 180_000}, async () => {
  await prepare();
  const gone = await diff('HEAD~1', '--profile', 'smoke');
  expect(gone.stderr).toContain('there is no reports/pipeline-smoke/results.json at HEAD~1 (');
  expect(gone.stderr).toContain(
    'Found there: reports. Name a commit that has it (git log --oneline -- reports/pipeline-smoke',
  );
  const never = await pipeline('metrics', '-p', 'full');
  expect(never.stderr).toContain('Found there: reports, reports/pipeline-smoke, reports/second.');
  const file = await diff('HEAD', '--file', 'nowhere.yaml');
  expect(file.stderr).toContain('nowhere.yaml');
  expect(file.stderr).toContain('no such file');
  expect([gone.exitCode, never.exitCode, file.exitCode]).toEqual([2, 2, 2]);
});

test('outside git each command says what it compares, and shows what is here', {timeout: 180_000}, async () => {
  report(after);
  locks({epochs: 3, corpus: 'old', aside: 1});
  for (const args of [['diff'], ['metrics', 'HEAD'], ['params', 'HEAD']]) {
    const {exitCode, stderr} = await pipeline(...args);
    expect(stderr).toContain('commits are to be compared, and git finds none here');
    expect(stderr).toContain('git init');
    expect(exitCode).toBe(2);
  }
  await git('init', '-q');
  expect((await pipeline('diff')).stderr).toContain('there is no commit yet');
});
