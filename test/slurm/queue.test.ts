import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync} from 'node:fs';
import {cpus} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, noSlurm, slurmTest} from './rig.ts';

const slurm = ['run', '--executor', 'slurm'];
/** `.ci/slurm` has a partition of an hour, whose jobs have to make room for those of another, `urgent`. */
const hasSpare =
  noSlurm === null &&
  spawnSync('sinfo', ['-h', '-p', 'spare', '-o', '%R'], {encoding: 'utf8'}).stdout.trim() === 'spare';
const spareTest: typeof slurmTest = hasSpare
  ? slurmTest
  : name => test.skip(`${name} (left out: no Slurm with a partition \`spare\`)`, () => {});

slurmTest('what a stage asks for, from the file and from a profile, is what Slurm is asked for', async () => {
  const rig = createRig();
  rig.write({
    'pipeline.yaml': `version: 1
vars: {partition: nosuch, minutes: 5}
profiles: {here: {partition: main, minutes: 7}}
cluster: {partition: "\${partition}", prologue: "export WHERE=there"}
stages:
  a:
    run: "while [ ! -e gate ]; do sleep 0.1; done; echo $WHERE > a.txt"
    out: [a.txt]
    resources: {cpus: 2, memoryMb: 300, minutes: "\${minutes}"}
    cluster: {options: [--nice=7]}
`,
  });
  const {code, stderr} = await rig.run(...slurm, '--detach', '--profile', 'here');
  expect(code, stderr).toBe(0);
  const [record = ''] = execFileSync('find', [join(rig.root, '.pipeline/jobs'), '-name', 'record.json'], {encoding: 'utf8'}).split('\n'); // prettier-ignore
  const {job} = JSON.parse(rig.read(record.slice(rig.root.length + 1))) as {job: string};
  const shown = execFileSync('scontrol', ['show', 'job', job], {encoding: 'utf8'});
  for (const part of ['NumCPUs=2', 'MinMemoryNode=300M', 'TimeLimit=00:07:00', 'Partition=main', 'Nice=7'])
    expect(shown).toContain(part);
  rig.write({gate: ''});
  const again = await rig.run(...slurm, '--profile', 'here');
  expect(again.code, again.stderr).toBe(0);
  expect(rig.read('a.txt')).toBe('there\n');
});

slurmTest('more than any node has is refused with what to do', async () => {
  const rig = createRig();
  rig.pipeline('big: {run: "echo > big.txt", out: [big.txt], resources: {memoryMb: 90000000}}');
  const {code, stderr} = await rig.run(...slurm);
  expect(code).toBe(1);
  expect(stderr).toContain('Slurm refused it: ');
  expect(stderr).toContain('No node has that much: lower `resources` of the stage');
});

spareTest('a job that waits for what never comes is taken back and told', async () => {
  const rig = createRig();
  rig.pipeline(`
    long: {run: "echo > long.txt", out: [long.txt], resources: {minutes: 600}, cluster: {partition: spare, patienceSeconds: 1}}
  `);
  const {code, stderr} = await rig.run(...slurm);
  expect(code).toBe(1);
  expect(stderr).toContain('longer time limit than the partition has (PartitionTimeLimit)');
  expect(stderr).toContain('Lower `resources: {minutes: …}`');
  await rig.until(() => !rig.queued().some(name => name.startsWith('long-')));
});

spareTest('a job that had to make room is submitted again; one that somebody cancelled is not', async () => {
  const rig = createRig();
  rig.pipeline(`
    low: {run: "echo low >> journal; while [ ! -e gate ]; do sleep 0.1; done; echo > low.txt", out: [low.txt], resources: {minutes: 30}, cluster: {partition: spare}}
  `);
  const running = rig.start(...slurm);
  await rig.until(() => rig.exists('journal'));
  // Wants all cores.
  execFileSync('sbatch', ['--wait', '-p', 'urgent', '-c', String(cpus().length), '-o', '/dev/null', '--wrap', 'true']);
  await rig.until(() => rig.read('journal') === 'low\nlow\n');
  const [id = ''] = execFileSync('squeue', ['--me', '-h', '-t', 'R', '-o', '%i|%Z'], {encoding: 'utf8'})
    .split('\n')
    .filter(line => line.endsWith(`|${rig.root}`))
    .map(line => line.split('|')[0]!);
  execFileSync('scancel', [id]);
  const {code, stderr} = await running.result;
  expect(code).toBe(1);
  expect(stderr).toMatch(/low: Slurm job \d+ ended as PREEMPTED; submitting it again/);
  expect(stderr).toContain('was cancelled from outside (scancel)');
  expect(rig.read('journal')).toBe('low\nlow\n');
});

slurmTest('200 instances that are ready together are given to Slurm by one command', async () => {
  const env: Record<string, string> = {};
  const rig = createRig(env);
  env['PATH'] = `${rig.root}/bin:${process.env['PATH'] ?? ''}`;
  // It takes them all, and starts none.
  rig.write({'bin/sbatch': `#!/bin/bash\necho "$*" >> ${rig.root}/asked\necho 4000000\n`});
  chmodSync(join(rig.root, 'bin/sbatch'), 0o755);
  rig.pipeline('many: {run: "echo > ${n}.txt", matrix: {n: {range: [1, 200]}}, out: ["${n}.txt"]}');
  const {code, stderr} = await rig.run(...slurm, '--detach');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('200 jobs are left with slurm');
  expect(rig.read('asked').trimEnd().split('\n')).toEqual([expect.stringContaining(' --array=0-199 ')]);
});
