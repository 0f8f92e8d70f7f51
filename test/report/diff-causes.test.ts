import {rmSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {explain} from '../../src/commands/explain.ts';
import {formatResults} from '../../src/report/format-results.ts';
import {recordText} from '../../src/runner/key/lock-record.ts';
import type {ContentHash} from '../../src/runner/state/content-hash.ts';
import {
  project,
  write,
  git,
  commit,
  pipeline,
  diff,
  plain,
  report,
  emptyKey,
  hash,
  locks,
  history,
} from './diff-rig.ts';
import {results, runs} from './fixture.ts';

/** Scores that say which instances made them, as `evaluate` writes them: ltd by train, plain by aside. */
const traced = (ltd: readonly number[], rest: readonly number[]): void => {
  const from = (scores: ReturnType<typeof runs>, instance: (seed: number) => string) =>
    scores.map(score => ({...score, from: instance(score.seed ?? 1)}));
  const scores = [
    ...from(runs('topic', 'ltd', ltd), seed => `train@seed=${1 + (seed % 2)}`),
    ...from(runs('topic', 'plain', rest), () => 'aside'),
  ];
  write('reports/results.json', formatResults(results(scores)));
};

const tracedHistory = async (): Promise<void> => {
  await git('init', '-q', '-b', 'main');
  traced([0.6, 0.61, 0.62, 0.63, 0.64], plain);
  locks({epochs: 3, corpus: 'old', aside: 1});
  await commit('one');
};

test('which edit reaches which cell, and which cell none explains', async () => {
  await tracedHistory();
  traced(
    [0.7, 0.71, 0.72, 0.73, 0.74],
    plain.map(v => v + 0.1),
  );
  locks({epochs: 4, corpus: 'old', aside: 1});
  const {stdout} = await diff();
  expect(stdout).toContain(
    '| param `epochs` | 3 → 4 | train × 2 | yes: 1 of 2 cells that differ: topic (accuracy), ltd |',
  );
  expect(stdout).toContain(
    'No recorded change reaches 1 cell that differs (topic (accuracy), plain): another machine, or a stage that is not deterministic.',
  );
  locks({epochs: 4, corpus: 'new', aside: 2});
  const {reports} = JSON.parse((await diff('--json')).stdout) as {
    reports: {explanation: {causes: {key: string; cells: string[]}[]; unexplained: string[]}}[];
  };
  expect(reports[0]?.explanation.unexplained).toEqual([]);
  expect(reports[0]?.explanation.causes.map(c => [c.key, c.cells])).toEqual([
    ['aside', ['topic (accuracy), plain']],
    ['epochs', ['topic (accuracy), ltd']],
    ['data/corpus.txt', ['topic (accuracy), ltd']],
  ]);
});

test.each([
  ['better', 0.1, [1, 1, 0]],
  ['worse', -0.1, [1, 1, 1]],
  ['noise', 0.005, [1, 0, 0]],
  ['the same', 0, [0, 0, 0]],
])('exit codes of --fail-on: %s', async (_, by, codes) => {
  await history();
  report([0.7, 0.71, 0.72, 0.73, 0.74].map(v => v + by));
  const found = [];
  for (const what of ['difference', 'change', 'regression']) found.push((await diff('--fail-on', what)).exitCode);
  expect(found).toEqual(codes);
});

test('as short as it was told, and still markdown', async () => {
  await history();
  for (const most of [200, 700, 1500, 5000]) {
    const {stdout} = await diff('HEAD~1', 'HEAD', '--max-chars', `${most}`);
    expect(stdout.length).toBeLessThanOrEqual(most);
    expect(stdout).toContain('1 of 2 cells changed');
    expect(stdout.match(/<details>/g)?.length).toBe(stdout.match(/<\/details>/g)?.length);
  }
  expect(await diff('--max-chars', '5')).toMatchObject({exitCode: 2});
});

test('tolerances and new names, as typed', async () => {
  await history();
  const shifted = await diff('HEAD~1', 'HEAD', '--tolerance', 'accuracy=10');
  expect(shifted.stdout).toContain('none by more than seed noise or the tolerance');
  const renamed = await diff('HEAD~1', 'HEAD', '--renamed', 'ltd=other');
  expect(renamed.stdout).toContain('1 column went: `other`');
  for (const wrong of [
    ['--tolerance', 'accuracy'],
    ['--renamed', 'ltd'],
    ['--fail-on', 'rain'],
  ])
    expect(await diff(...wrong)).toMatchObject({exitCode: 2, stdout: ''});
});

test('reports of an older schema can be compared, a newer one is named', async () => {
  await git('init', '-q');
  write('reports/results.json', '{"scores":[{"task":"topic","metric":"accuracy","arm":"ltd","seed":1,"value":0.6}]}');
  await commit('before there was a schema');
  report([0.6]);
  const {exitCode, stdout} = await diff();
  expect(stdout).toContain('| topic | accuracy (dev) | ltd | 60.0 | 60.0 | 0.0 | – | – | – | – | 1 | same |');
  expect(stdout).toContain('1 column came: `plain`.');
  expect(exitCode).toBe(1);
  write('reports/results.json', '{"schema":2}');
  expect(await diff()).toMatchObject({exitCode: 2, stderr: expect.stringContaining('newer version') as string});
});

test('many edits of code are folded and counted', async () => {
  await history();
  const record = (edited: string): string => {
    const code = Object.fromEntries(Array.from({length: 12}, (_, i) => [`src/${i}.ts`, hash(edited + i)]));
    const key = {...emptyKey, command: {type: 'report'}, code};
    return recordText(key, {out: hash(edited)} as unknown as Parameters<typeof recordText>[1]);
  };
  write('pipeline.lock/report.json', record('a'));
  await commit('three');
  write('pipeline.lock/report.json', record('b'));
  const {stdout} = await diff();
  expect(stdout).toContain('<summary>12 files of code changed, in report</summary>');
});

test('metrics: shown without git, compared like diff but without causes', async () => {
  report([0.7, 0.71]);
  const shown = await pipeline('metrics');
  expect(shown.stdout).toContain('| topic | accuracy (dev) | ltd | 70.5 | 0.7 | 2 |');
  await history();
  const compared = await pipeline('metrics', 'HEAD~1', 'HEAD');
  expect(compared.stdout).toContain('**1 of 2 cells changed.**');
  expect(compared.stdout).not.toContain('What explains it');
  expect([shown.exitCode, compared.exitCode]).toEqual([0, 1]);
  expect(JSON.parse((await pipeline('metrics', '--json')).stdout)).toMatchObject({reports: [{folder: 'reports'}]});
});

test('params: all that the results were made with, and what differs', async () => {
  await history();
  const shown = await pipeline('params');
  expect(shown.stdout).toBe('| Stage | Param | Value |\n| - | - | - |\n| aside | aside | 2 |\n| train | epochs | 4 |');
  const compared = await pipeline('params', 'HEAD~1');
  expect(compared.stdout).toContain('| train | epochs | 3 | 4 |');
  const same = await pipeline('params', 'HEAD', '--json');
  expect(JSON.parse(same.stdout)).toEqual({kind: 'differences', params: []});
  expect([shown.exitCode, compared.exitCode, same.exitCode]).toEqual([0, 1, 0]);
  rmSync(path.join(project.root, 'pipeline.lock'), {recursive: true});
  expect(await pipeline('params')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no lock files') as string,
  });
});

test('an instance that is read no more is a cause, also while its own record is still there', () => {
  const train = (seed: number): [string, string] => [
    `train@seed=${seed}.json`,
    recordText(emptyKey, {model: hash(`${seed}`) as ContentHash}),
  ];
  const evaluate = (seeds: readonly number[]): [string, string] => {
    const inputs = Object.fromEntries(
      seeds.map(seed => [`predictions: artifacts/train/seed=${seed}/model`, hash(`${seed}`)]),
    );
    return [
      'evaluate.json',
      recordText({...emptyKey, command: {type: 'evaluate'}, inputs}, {scores: hash('scores') as ContentHash}),
    ];
  };
  const trained = [train(1), train(2)];
  const before = new Map([...trained, evaluate([1, 2])]);
  const after = new Map([...trained, evaluate([1])]);
  const gone = {kind: 'input-changed', key: 'artifacts/train/seed=2/model', now: null, stages: {evaluate: 1}};
  expect(explain(before, after).causes).toMatchObject([gone]);
  // A stage that went with its record, and what a stage wrote anew, are named once.
  expect(explain(before, new Map([train(1), evaluate([1])])).causes).toMatchObject([{kind: 'stage-removed'}]);
});
