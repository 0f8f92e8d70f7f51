import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

const rigOf = (axis: string): Rig => {
  const rig = createRig();
  rig.write({
    'pipeline.yaml': `version: 1
vars: {seeds: [], used: "\${seeds}"}
profiles: {all: {seeds: [1, 2]}}
stages:
  train:
    matrix: {method: [ltd], seed: ${axis}}
    run: echo \${seed} > out/\${seed}
    out: ["out/\${seed}"]
  other: {run: echo > out/other, out: [out/other]}
`,
  });
  return rig;
};

test.each(['"${seeds}"', '"${used}"'])('an axis without values, %s: which, where, why', async axis => {
  const rig = rigOf(axis);
  const told = `the stage "train" is switched off: its axis "seed" has no values (pipeline.yaml:6:35); --set seeds=[VALUE,…] gives it some`;
  for (const command of [
    ['run', 'train'],
    ['run', 'train@seed=1'],
    ['why', 'train'],
    ['run', '--until', 'train'],
  ]) {
    const {code, stderr} = await rig.run(...command);
    expect([code, stderr]).toEqual([2, `${told}\n`]);
  }
  expect((await rig.run('status')).stdout).toContain(told);
  expect((await rig.run('status', 'other')).stdout).not.toContain('switched off');
  expect(await rig.outcomes()).toEqual({other: 'ran'});
  expect((await rig.run('status')).stdout).toContain(told); // from the cached form of the file
  expect((await rig.run('run', 'train', '--profile', 'all', '--dry-run')).stdout).toContain('2 will run');
});

test('a stage that is not there is no stage', async () => {
  expect((await rigOf('"${seeds}"').run('run', 'trian')).stderr).toContain('there is no stage "trian"');
});

test('a reference that selects from a stage that is switched off gives nothing, as one without a selector', async () => {
  const rig = createRig();
  const write = (reference: string): void =>
    rig.write({
      'pipeline.yaml': `version: 1
vars: {controls: []}
stages:
  train:
    matrix: {control: "\${controls}", seed: [1, 2]}
    run: echo \${seed} > out/\${control}-\${seed}
    out: ["out/\${control}-\${seed}"]
  one: {in: ["${reference}"], run: echo > out/one, out: [out/one]}
`,
    });
  write('@train{seed=1}');
  expect(await rig.outcomes()).toEqual({one: 'ran'});
  expect((await rig.run('run', '--set', 'controls=[a]', '--dry-run')).stdout).toContain('3 will run');
  write('@train{sed=1}');
  expect((await rig.run('status')).stderr).toContain('"train" has no axis "sed"');
});
