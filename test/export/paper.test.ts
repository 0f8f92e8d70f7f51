import path from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {loadTask} from '../../src/tasks/load.ts';

const root = path.join(import.meta.dirname, '../..');

interface Graph {
  readonly stages: readonly {readonly name: string; readonly type?: string}[];
}

test.each(['smoke', 'paper'])(
  'papers/ltd-bert-zh.yaml is valid with the profile %s',
  {timeout: 120_000},
  async profile => {
    const args = [
      'bin/pipeline.js',
      'graph',
      '--format',
      'json',
      '-f',
      'papers/ltd-bert-zh.yaml',
      '--profile',
      profile,
    ];
    const {stdout} = await execa('node', args, {cwd: root});
    const types = (JSON.parse(stdout) as Graph).stages.map(({type}) => type);
    expect(types).toEqual(expect.arrayContaining(['train-student', 'cluster', 'export-student', 'report']));
  },
);

test('the made Chinese task: as many sentences of each kind, the same for a seed, none on both sides', async () => {
  const {source, ...task} = await loadTask('kind-zh');
  if (source.kind !== 'generated' || task.kind !== 'classification') return expect.fail('not a made classification');
  const make = (seed: number) => source.generate({seed, rows: {train: 300, dev: 100}});
  const made = await make(1);
  expect([made.train.length, made.dev.length]).toEqual([300, 100]);
  expect(await make(1)).toEqual(made);
  expect((await make(2)).train).not.toEqual(made.train);
  const inTrain = new Set(made.train.map(([text]) => text));
  expect(made.dev.filter(([text]) => inTrain.has(text))).toEqual([]);
  for (const label of task.labels) {
    const share = made.train.filter(([, , own]) => own === label).length / 300;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.3);
  }
});
