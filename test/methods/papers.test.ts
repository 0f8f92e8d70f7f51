import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';

const root = join(import.meta.dirname, '..', '..');

test.each([
  ['lrc-bert', 'small', 'lrc-mse@task=mrpc,seed=5'],
  ['lrc-bert', 'paper', 'tinybert@task=mnli,seed=1'],
  ['lrc-bert', 'smoke', 'disturbed-with@task=entail,noise=typos,seed=2'],
  ['distilbert', 'small', 'review-twice@task=imdb,seed=5'],
  ['distilbert', 'paper', 'distilbert-no-ce@task=wnli,distillation=1,seed=1'],
  ['distilbert', 'smoke', 'student-random@distillation=1'],
])(
  'papers/%s.yaml is valid with the profile %s',
  async (paper, profile, instance) => {
    const args = ['bin/pipeline.js', 'graph', '--format', 'json', '-f', `papers/${paper}.yaml`, '--profile', profile];
    const {stdout} = await execa('node', args, {cwd: root});
    expect(stdout).toContain('report');
    expect(stdout).toContain(instance.split('@')[0]);
  },
  120_000,
);
