import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig as createAny} from '../rig.ts';
import {createRig, slurmTest} from './rig.ts';

const slurm = ['run', '--executor', 'slurm'];

const gated = `
  cut: {run: "echo cut >> journal; while [ ! -e gate ]; do sleep 0.1; done; cp in.txt cut.txt", in: [in.txt], out: [cut.txt]}
  seeds:
    run: "echo \${seed} >> journal; cat cut.txt > s/\${seed}.txt; echo \${seed} >> s/\${seed}.txt"
    matrix: {seed: [1, 2, 3]}
    in: ["@cut"]
    out: ["s/\${seed}.txt"]
`;

slurmTest('a runner that was killed: the next one takes up its job, and starts none twice', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'words\n'});
  rig.pipeline(gated);
  const first = rig.start(...slurm);
  await rig.until(() => rig.exists('journal'));
  first.child.kill('SIGKILL');
  await first.result;
  const second = rig.start(...slurm);
  await rig.until(() => rig.exists('.pipeline/jobs/cut/record.json'));
  rig.write({gate: ''});
  const {code, stderr} = await second.result;
  expect(code, stderr).toBe(0);
  expect(rig.read('journal').split('\n').sort().join(' ')).toBe(' 1 2 3 cut');
  expect(rig.read('s/2.txt')).toBe('words\n2\n');
  // Where it ran is no part of a key.
  expect(await rig.changed()).toEqual({});
});

slurmTest('left with the cluster: ends while nobody looks, and the next run goes on from there', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'words\n'});
  rig.pipeline(gated);
  const left = await rig.run(...slurm, '--detach');
  expect(left.code, left.stderr).toBe(0);
  expect(left.stderr).toContain('one job is left with slurm');
  // Not a second time, and not by another executor either.
  const local = await rig.run('run', 'cut');
  expect(local.code).toBe(1);
  expect(local.stderr).toContain('an earlier run gave it to another executor');
  rig.write({gate: ''});
  await rig.until(() => rig.exists('cut.txt'));
  const {code, stderr} = await rig.run(...slurm);
  expect(code, stderr).toBe(0);
  expect(rig.read('journal').split('\n').sort().join(' ')).toBe(' 1 2 3 cut');
});

slurmTest('Ctrl-C cancels what runs and what waits', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'words\n'});
  rig.pipeline(gated);
  const running = rig.start(...slurm);
  await rig.until(() => rig.exists('journal'));
  running.child.kill('SIGINT');
  expect((await running.result).code).toBe(130);
  // Slurm tidies up for a moment after a job has ended.
  await rig.until(() => !rig.queued().some(name => name.startsWith('cut-')));
  expect(rig.exists('.pipeline/jobs/cut')).toBe(false);
});

slurmTest('a job whose node is lost is submitted again', async () => {
  const rig = createRig();
  rig.pipeline(`
    once:
      run: "if [ ! -e tried ]; then touch tried; kill -9 $PPID; sleep 60; fi; echo ok > out.txt"
      out: [out.txt]
      cluster: {patienceSeconds: 1}
  `);
  const {code, stderr} = await rig.run(...slurm);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('submitting it again');
  expect(rig.read('out.txt')).toBe('ok\n');
});

slurmTest('a full queue is waited for, a refusal is told with what to do', async () => {
  const rig = createRig({PATH: ''});
  // Stands before the real sbatch, which it calls when the queue has room again.
  rig.write({
    'bin/sbatch': `#!/bin/bash
echo "$*" >> ${join(rig.root, 'asked')}
[ $(wc -l < ${join(rig.root, 'asked')}) -gt 2 ] || { echo "sbatch: error: Batch job submission failed: Resource temporarily unavailable" >&2; exit 1; }
exec /usr/bin/sbatch "$@"
`,
  });
  chmodSync(join(rig.root, 'bin/sbatch'), 0o755);
  rig.pipeline(`
    fine: {run: "echo ran >> journal; echo $WHERE > out.txt", out: [out.txt], cluster: {prologue: "export WHERE=there"}}
    wrong: {run: "echo > never.txt", out: [never.txt], cluster: {partition: nosuch}}
  `);
  const env = {PATH: `${join(rig.root, 'bin')}:${process.env['PATH'] ?? ''}`};
  const {code, stderr} = await rig.run(...slurm, '--keep-going').then(async first => {
    expect(first.code).toBe(2);
    expect(first.stderr).toContain('there is no Slurm here');
    const second = createAny(env);
    second.pipeline(rig.read('pipeline.yaml').replace(/^version: 1\nstages:\n/, ''));
    const result = await second.run(...slurm, '--keep-going');
    expect(second.read('journal')).toBe('ran\n');
    expect(second.read('out.txt')).toBe('there\n');
    return result;
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/Slurm refused it: .*invalid partition/i);
  expect(stderr).toContain('cluster: {partition: nosuch}');
  expect(stderr).toContain('This cluster has: ');
});

test('mistakes in `cluster` are told with their place', async () => {
  const rig = createAny();
  rig.write({
    'pipeline.yaml': `version: 1
cluster: {partitoin: gpu, patienceSeconds: soon, options: [--array=1-3, constraint]}
stages:
  a: {run: "echo > a.txt", out: [a.txt], cluster: {partition: "two words"}}
`,
  });
  const {code, stderr} = await rig.run('status');
  expect(code).toBe(2);
  expect(stderr).toContain('pipeline.yaml:2:11');
  expect(stderr).toContain('Did you mean "partition"?');
  for (const place of ['2:44', '2:60', '2:73', '4:63']) expect(stderr).toContain(`pipeline.yaml:${place}`);
});

test('--detach needs jobs that outlive the command', async () => {
  const rig = createAny();
  rig.pipeline('a: {run: "echo > a.txt", out: [a.txt]}');
  const {code, stderr} = await rig.run('run', '--detach');
  expect(code).toBe(2);
  expect(stderr).toContain('--detach needs an executor whose jobs outlive this command');
});
