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

test.each(cases)('%s is valid with the profile "%s"', {timeout: 120_000}, async (file, profile) => {
  const args = ['bin/pipeline.js', 'graph', '--format', 'json', '-f', file];
  const {stdout} = await execa('node', [...args, ...(profile === '' ? [] : ['--profile', profile])], {cwd: root});
  const {stages} = JSON.parse(stdout) as {stages: {type?: string}[]};
  expect(stages.map(({type}) => type)).toContain('report');
});
