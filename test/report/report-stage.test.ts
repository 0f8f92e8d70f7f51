import {mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {InputFile} from '../../src/contract/stage.ts';
import report from '../../stages/report.ts';
import {cost, curve, experiment, training} from './fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

type Inputs = Record<
  'scores' | 'tests' | 'curves' | 'training' | 'cost' | 'corpus' | 'tasks' | 'poolings',
  InputFile[]
>;

let count = 0;
const file = (json: unknown, stage: string, axis: Record<string, string> = {}): InputFile => {
  const at = path.join(folder, `${count++}.json`);
  writeFileSync(at, JSON.stringify(json));
  return {path: at, stage, axis};
};

/** The whole of an experiment's files, scores split over one file a seed. */
const inputs = (): Inputs => {
  const {scores, tests} = experiment();
  return {
    scores: [1, 2, 3, 4, 5].map(seed =>
      file({scores: scores.filter(s => s.seed === seed)}, 'evaluate', {seed: `${seed}`}),
    ),
    tests: [file({tests}, 'significance')],
    curves: [1, 2, 3].map(seed => file(curve('ltd', seed), 'distil', {seed: `${seed}`})),
    training: ['ltd', 'plain'].flatMap(arm => [1, 2].map(seed => file(training('topic', arm, seed), arm))),
    cost: [file(cost, 'cost')],
    corpus: [
      file(
        {
          language: 'en',
          read: {wordnet: 154692, brown: 57340},
          kept: {wordnet: 100000, brown: 49637},
          dropped: {
            'too-short': {
              count: 62395,
              bySource: {wordnet: 54692, brown: 7703},
              examples: [{text: 'a', source: 'brown'}],
            },
            'too-long': {count: 0, bySource: {}, examples: []},
          },
          repaired: {changed: 3, invalidUtf8: 0},
        },
        'clean',
      ),
    ],
    poolings: [
      file(
        {
          split: 'train',
          pairs: {sim: 1000},
          poolings: [
            {name: 'mean of the pieces', spearman: {sim: 0.5484}},
            {name: 'IDF of pieces', spearman: {sim: 0.5251}},
          ],
        },
        'poolings',
      ),
    ],
    tasks: ['topic', 'entail'].map(task =>
      file(
        {
          task,
          splits: {
            train: {rows: 6000, labels: {yes: 3500, no: 2500}},
            dev: {rows: 1500, labels: {yes: 900, no: 600}, officialRows: 1501},
            test: {rows: 0, labels: null},
          },
          overlap: {texts: 0, rows: 0},
        },
        'task',
        {task},
      ),
    ),
  };
};

const make = async (files: Inputs, name: string, params: Record<string, unknown> = {}): Promise<string> => {
  const at = path.join(folder, name);
  mkdirSync(at);
  await report.run({
    params: report.params.parse({title: 'Small students', headline: {a: 'ltd', b: 'plain'}, ...params}),
    in: files,
    out: {
      index: path.join(at, 'index.md'),
      results: path.join(at, 'results.json'),
      cost: path.join(at, 'cost.md'),
      costs: path.join(at, 'cost.json'),
      plots: path.join(at, 'plots'),
      tables: path.join(at, 'tables'),
    },
    axis: {},
    stage: 'report',
    threads: 1,
    scratch: folder,
    pipeline: {
      name: 'pipeline',
      profile: '',
      stages: [
        {name: 'distil', type: 'train-student', needs: [], instances: 3},
        {name: 'report', type: 'report', needs: ['distil'], instances: 1},
      ],
    },
    signal: new AbortController().signal,
    log: () => {},
    progress: () => {},
  });
  return at;
};

const contents = (at: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(at, {recursive: true, withFileTypes: true})
      .filter(entry => entry.isFile())
      .map(entry => path.relative(at, path.join(entry.parentPath, entry.name)))
      .sort()
      .map(name => [name, readFileSync(path.join(at, name), 'utf8')]),
  );

const none: Inputs = {scores: [], tests: [], curves: [], training: [], cost: [], corpus: [], tasks: [], poolings: []};

test('an unchanged experiment is an unchanged report, whatever order its files came in', async () => {
  const files = inputs();
  const first = contents(await make(files, 'a', {published: 'ltd-bert'}));
  const second = contents(await make({...files, scores: files.scores.toReversed()}, 'b', {published: 'ltd-bert'}));
  expect(Object.keys(first)).toEqual([
    'cost.json',
    'cost.md',
    'index.md',
    'plots/differences.svg',
    'plots/learning-curve.svg',
    'plots/performance-profile.svg',
    'plots/quality-against-cost.svg',
    'plots/seeds-by-arm.svg',
    'plots/training-curve.svg',
    'results.json',
    ...['across-tasks', 'comparisons', 'further-tests', 'published', 'scores', 'teacher-match'].flatMap(t => [
      `tables/${t}.csv`,
      `tables/${t}.tex`,
    ]),
  ]);
  expect(second).toEqual(first);
  const index = first['index.md'] ?? '';
  expect(index).not.toContain(folder);
  expect(index).not.toMatch(/\b20[2-9]\d-\d\d|\d\d:\d\d/);
  expect(index).not.toContain('This report lacks');
  for (const part of [
    '## What was found',
    '## Scores',
    '## Comparisons',
    '```mermaid',
    '(plots/seeds-by-arm.svg)',
    '(cost.md)',
    '| entail | 6,000 | 1,500 (officially 1,501) | – | 2 | 60.0 % | 0 |',
    '| dropped: too-short | 54,692 | 7,703 | 62,395 |',
    '| Pooling | sim (1,000 pairs) |',
    '| IDF of pieces | 52.5 |',
  ])
    expect(index).toContain(part);
  // `<details>` that isn't closed swallows the rest of the page
  expect(index.match(/<details>/g)?.length).toBe(index.match(/<\/details>/g)?.length);
});

test('timings are in cost.json, cost.md and its picture alone', async () => {
  const files = inputs();
  const slower = {...cost, student: {...cost.student, sentencesPerSecond: {batch1: 1000, batch32: 2000}}};
  const first = contents(await make(files, 'a', {published: 'ltd-bert'}));
  const second = contents(await make({...files, cost: [file(slower, 'cost')]}, 'b', {published: 'ltd-bert'}));
  const differing = Object.keys(first).filter(name => first[name] !== second[name]);
  expect(differing).toEqual(['cost.json', 'cost.md', 'plots/quality-against-cost.svg']);
});

test('a report of scores alone says what it lacks', async () => {
  const {'index.md': index, 'cost.md': costs} = contents(await make({...none, scores: inputs().scores}, 'a'));
  expect(index).toContain(
    "This report lacks significance tests, measurements of how close the student's vectors come to the teacher's, measurements of size and speed and an account of what was dropped from the text.",
  );
  expect(index).toContain('whether that is more than noise was not tested');
  expect(costs).toContain('Size and speed were not measured.');
});

test('two different values of one run are an error that names both', async () => {
  const {scores} = experiment();
  const other = scores.map(s => ({...s, value: s.value / 2}));
  const files = {...none, scores: [file({scores}, 'evaluate'), file({scores: other}, 'evaluate', {split: 'b'})]};
  await expect(make(files, 'a')).rejects.toMatchObject({
    name: 'StageError',
    message: expect.stringContaining(
      'accuracy of arm majority on topic dev, seed 1, is 0.086 in evaluate and 0.043 in evaluate@split=b',
    ) as string,
  });
});

test('a file of the wrong shape is named with the place of the mistake', async () => {
  const files = {...none, scores: [file({scores: [{task: 'x'}]}, 'evaluate', {seed: '1'})]};
  await expect(make(files, 'a')).rejects.toMatchObject({
    name: 'StageError',
    message: expect.stringMatching(
      /^\d+\.json of evaluate@seed=1 isn't what was expected:\n {2}scores\.0\.split: /,
    ) as string,
  });
});

test('tables and figures are found by their file names, and count as code of the stage', () => {
  const params = report.params.parse({
    title: 't',
    headline: {a: 'a', b: 'b'},
    tables: ['scores', 'mine'],
    published: 'ltd-bert',
  });
  expect(report.uses?.(params)).toEqual([
    'src/report/tables/scores.ts',
    'src/report/tables/mine.ts',
    'src/report/published/ltd-bert.ts',
  ]);
  expect(report.params.safeParse({title: 't', headline: {a: 'a', b: 'b'}, tables: ['../x']}).success).toBe(false);
});

test('accounts and summaries of another form are printed as they are', async () => {
  const files = {
    ...none,
    scores: inputs().scores,
    corpus: [file({kept: 3, why: ['a', 'b']}, 'clean')],
    tasks: [file({rows: 5}, 'mine')],
  };
  const {'index.md': index} = contents(await make(files, 'a'));
  expect(index).toContain('| kept | 3 |\n| why | a, b |');
  expect(index).toContain('| rows |\n| - |\n| 5 |');
});

test('notes stand below the list of what was compared, each a sentence of its own line', async () => {
  const at = await make(inputs(), 'a', {notes: ['Steps are by length.', 'Four tasks of nine.']});
  const index = readFileSync(path.join(at, 'index.md'), 'utf8');
  expect(index).toMatch(/## What was compared\n\n(- .*\n)+\nSteps are by length\.\nFour tasks of nine\.\n\n## /);
});
