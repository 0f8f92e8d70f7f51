import {chmodSync, existsSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {createRig, slurmTest, type SlurmRig} from './rig.ts';

// What a shared folder does by itself, done on purpose: what one side has written, the other does not see for a while.

const slurm = ['run', '--executor', 'slurm'];
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** A job's last step renames its result into place. Here result and output are put aside before that, for the test to show. */
const hidingMv = (root: string): string => `#!/bin/bash
shift
case $1 in */.result)
  stage=$(basename "$(dirname "$2")")
  mkdir -p ${root}/aside && /bin/mv ${root}/$stage.txt ${root}/aside/
  [ "$HIDE" = result ] && /bin/mv "$1" ${root}/aside/$stage.result || /bin/mv "$1" "$2";;
*) /bin/mv "$@";;
esac
`;

const hiding = (rig: SlurmRig, what: 'result' | 'output'): string =>
  `prologue: "export HIDE=${what} PATH=${rig.root}/bin:$PATH"`;

const createLagging = (): SlurmRig => {
  const rig = createRig();
  rig.write({'bin/mv': hidingMv(rig.root)});
  chmodSync(join(rig.root, 'bin/mv'), 0o755);
  return rig;
};

const showResult = (rig: SlurmRig, stage: string): void => {
  const folder = join(rig.root, '.pipeline/jobs', stage);
  const token = readFileSync(join(folder, 'token'), 'utf8');
  renameSync(join(rig.root, `aside/${stage}.result`), join(folder, `result-${token}`));
};

slurmTest(
  'result, output and its content appear after the job has ended while nobody looked: nothing runs twice',
  async () => {
    const rig = createLagging();
    rig.pipeline(`
    slow: {run: "echo slow >> journal; echo words > slow.txt", out: [slow.txt], cluster: {${hiding(rig, 'result')}}}
    next: {run: "cat slow.txt > next.txt", in: ["@slow"], out: [next.txt]}
  `);
    expect((await rig.run(...slurm, '--detach')).code).toBe(0);
    await rig.until(() => rig.exists('aside/slow.result') && !rig.queued().some(name => name.startsWith('slow-')));
    const second = rig.start(...slurm);
    // Longer than it waits for a submission that may still be on its way.
    await pause(6000);
    expect(second.child.exitCode).toBe(null);
    showResult(rig, 'slow');
    await pause(1500);
    writeFileSync(join(rig.root, 'slow.txt'), '');
    await pause(1500);
    expect(second.child.exitCode).toBe(null);
    writeFileSync(join(rig.root, 'slow.txt'), 'words\n');
    const {code, stderr} = await second.result;
    expect(code, stderr).toBe(0);
    expect(rig.read('journal')).toBe('slow\n');
    expect(rig.read('next.txt')).toBe('words\n');
  },
);

slurmTest('what has not appeared when patience ends is said to be late, and is there for the next run', async () => {
  const rig = createLagging();
  const stage = (name: string, what: 'result' | 'output'): string =>
    `{run: "echo ${name} >> journal; echo words > ${name}.txt", out: [${name}.txt], cluster: {patienceSeconds: 1, ${hiding(rig, what)}}}`;
  rig.pipeline(`
    one: ${stage('one', 'result')}
    two: ${stage('two', 'output')}
  `);
  const {code, stderr} = await rig.run(...slurm, '--keep-going');
  expect(code).toBe(1);
  expect(stderr).toContain('not to be seen yet: Slurm job');
  expect(stderr).toMatch(/not to be seen yet: node .* wrote .*two\.txt, and the shared folder does not show all of it/);
  expect(stderr).toContain('Nothing is lost: the same command takes it up');
  expect(stderr).not.toContain('submitting it again');
  for (const name of ['one', 'two']) renameSync(join(rig.root, `aside/${name}.txt`), join(rig.root, `${name}.txt`));
  showResult(rig, 'one');
  const again = await rig.run(...slurm);
  expect(again.code, again.stderr).toBe(0);
  expect(rig.read('journal').split('\n').sort()).toEqual(['', 'one', 'two']);
  expect(existsSync(join(rig.root, '.pipeline/jobs/one'))).toBe(false);
});

slurmTest('a node that does not see yet what it needs waits for it; one that never does says what', async () => {
  const env: Record<string, string> = {};
  const rig = createRig(env);
  env['PATH'] = `${rig.root}/bin:${process.env['PATH'] ?? ''}`;
  // The folder still shows an earlier submission's token when the job begins.
  rig.write({
    'bin/sbatch': `#!/bin/bash
token=${rig.root}/.pipeline/jobs/early/token
# Several of these run side by side, and only one may put the token aside: mkdir succeeds for one.
if [ -e $token ] && mkdir ${rig.root}/kept 2>/dev/null; then
  cp $token ${rig.root}/kept; echo 0123456789 >$token
  (sleep 3; cp ${rig.root}/kept/token $token) >/dev/null 2>&1 </dev/null &
fi
exec /usr/bin/sbatch "$@"
`,
    'in.txt': 'words\n',
    'gone.txt': 'gone\n',
  });
  chmodSync(join(rig.root, 'bin/sbatch'), 0o755);
  rig.pipeline(`
    early:
      run: "echo early >> journal; cat in.txt > early.txt"
      in: [in.txt]
      out: [early.txt]
      cluster: {prologue: "mv in.txt aside.txt; (sleep 2; mv aside.txt in.txt) &"}
    never: {run: "cat gone.txt > never.txt", in: [gone.txt], out: [never.txt], cluster: {patienceSeconds: 1, prologue: "mv gone.txt gone"}}
  `);
  const {code, stderr} = await rig.run(...slurm, '--keep-going');
  expect(code).toBe(1);
  expect(rig.read('early.txt')).toBe('words\n');
  expect(rig.read('journal')).toBe('early\n');
  expect(stderr).toMatch(
    /node .* did not see .*gone\.txt: is it in a folder that all nodes share\? `cluster: \{patience/,
  );
});
