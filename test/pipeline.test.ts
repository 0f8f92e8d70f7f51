import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {parse} from 'yaml';

const root = join(import.meta.dirname, '..');
const papers = readdirSync(join(root, 'papers')).filter(name => name.endsWith('.yaml'));
const cases = ['pipeline.yaml', ...papers.map(name => `papers/${name}`)].flatMap(file => {
  const {profiles} = parse(readFileSync(join(root, file), 'utf8')) as {profiles: Record<string, unknown>};
  return ['', ...Object.keys(profiles)].map(profile => [file, profile] as const);
});

/** Stages that a file has whatever its profile. */
const known: Readonly<Record<string, readonly string[]>> = {
  'papers/bam.yaml': ['single-multi-tuned'],
  'papers/lrc-bert.yaml': ['lrc-mse', 'tinybert', 'disturbed-with'],
  'papers/distilbert.yaml': ['distilbert-no-ce', 'student-random'],
  'papers/ltd-bert.yaml': ['distil-domain', 'plain', 'answers'],
  'papers/ltd-bert-zh.yaml': ['distil', 'cluster', 'export'],
};

test.each(cases)('%s is valid with the profile "%s"', {timeout: 120_000}, async (file, profile) => {
  const args = ['bin/pipeline.js', 'graph', '--format', 'json', '-f', file];
  const {stdout} = await execa('node', [...args, ...(profile === '' ? [] : ['--profile', profile])], {cwd: root});
  const {stages} = JSON.parse(stdout) as {stages: {name: string; type?: string}[]};
  expect(stages.map(({type}) => type)).toContain('report');
  expect(stages.map(({name}) => name)).toEqual(expect.arrayContaining([...(known[file] ?? [])]));
});
