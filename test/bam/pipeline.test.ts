import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';

const root = join(import.meta.dirname, '../..');

test.each(['smoke', 'small', 'base', 'paper'])(
  'papers/bam.yaml fits its stages in the profile %s',
  async profile => {
    const args = ['bin/pipeline.js', 'graph', '--json', '-f', 'papers/bam.yaml', '--profile', profile];
    const {stdout} = await execa('node', args, {cwd: root});
    expect(stdout).toContain('single-multi-tuned');
  },
  120_000,
);
