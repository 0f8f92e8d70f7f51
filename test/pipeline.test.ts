import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {parse} from 'yaml';

const root = join(import.meta.dirname, '..');
const {profiles} = parse(readFileSync(join(root, 'pipeline.yaml'), 'utf8')) as {profiles: Record<string, unknown>};

test.each(['', ...Object.keys(profiles)])('pipeline.yaml is valid with the profile "%s"', async profile => {
  const args = profile === '' ? [] : ['--profile', profile];
  const {stdout} = await execa('node', ['bin/pipeline.js', 'graph', '--format', 'json', ...args], {cwd: root});
  expect(stdout).toContain('report');
});
