import {existsSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

const pipeline = (word: string, name = ''): string =>
  `version: 1\n${name}profiles: {p: {}}\nstages: {prep: {run: "echo ${word} > out/${word}", out: [out/${word}]}}\n`;

const rigOf = (files: Record<string, string>): Rig => {
  const rig = createRig();
  rmSync(path.join(rig.root, 'pipeline.yaml'), {force: true});
  rig.write({'package.json': '{}', ...files});
  return rig;
};

test('pipeline.yaml of two folders of a project: each is called as its folder, and nothing is shared', async () => {
  const rig = rigOf({
    'x/pipeline.yaml': pipeline('x'),
    'y/pipeline.yaml': pipeline('y'),
    'pipeline.yaml': pipeline('z'),
  });
  for (const file of ['x/pipeline.yaml', 'y/pipeline.yaml', 'pipeline.yaml']) await rig.run('run', '-f', file);
  for (const file of ['x/pipeline.yaml', 'y/pipeline.yaml', 'pipeline.yaml'])
    expect((await rig.run('status', '-f', file)).stdout).toContain('all fresh');
  for (const lock of ['x/prep', 'y/prep', 'prep'])
    expect(existsSync(path.join(rig.root, `pipeline.lock/${lock}.json`))).toBe(true);
});

test('two files of one name: the second is refused, with what to do, until one has another name', async () => {
  const rig = rigOf({'x/exp.yaml': pipeline('x'), 'y/exp.yaml': pipeline('y')});
  expect((await rig.run('run', '-f', 'x/exp.yaml')).code).toBe(0);
  for (const command of ['run', 'status', 'gc']) {
    const {code, stderr} = await rig.run(command, '-f', 'y/exp.yaml');
    expect([code, stderr]).toEqual([
      2,
      'y/exp.yaml: its outputs, lock files and reports would lie where those of x/exp.yaml do, in artifacts/, pipeline.lock/ and reports/, each in exp/. Give one of them another `name:`\n',
    ]);
  }
  rig.write({'x/exp.yaml': pipeline('x', 'name: first\n')});
  expect((await rig.run('run', '-f', 'y/exp.yaml')).code).toBe(0);
  expect((await rig.run('run', '-f', 'x/exp.yaml')).code).toBe(0);
});

test('a name that ends as a profile of another does', async () => {
  const rig = rigOf({'exp.yaml': pipeline('x'), 'exp-p.yaml': pipeline('y')});
  await rig.run('run', '-f', 'exp.yaml', '--profile', 'p');
  expect((await rig.run('run', '-f', 'exp-p.yaml')).stderr).toContain('those of exp.yaml with the profile p do');
});

test('a file that was moved keeps what it has made', async () => {
  const rig = rigOf({'x/exp.yaml': pipeline('x')});
  await rig.run('run', '-f', 'x/exp.yaml');
  renameSync(path.join(rig.root, 'x/exp.yaml'), path.join(rig.root, 'exp.yaml'));
  expect((await rig.run('status', '-f', 'exp.yaml')).stdout).toContain('all fresh');
});

test('a name that is a number is a name', async () => {
  const rig = rigOf({'a.yaml': pipeline('x', 'name: 2024\n'), 'b.yaml': pipeline('y', 'name: 2024\n')});
  await rig.run('run', '-f', 'a.yaml');
  expect((await rig.run('run', '-f', 'b.yaml')).stderr).toContain('those of a.yaml do');
});
