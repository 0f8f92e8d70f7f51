import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, readFileSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, noSlurm, slurmTest} from './rig.ts';

const noAccounting = noSlurm ?? (spawnSync('sacct', ['-n', '-X']).status === 0 ? null : 'this Slurm keeps no accounts');
const accountingTest: typeof slurmTest =
  noAccounting === null ? slurmTest : name => test.skip(`${name} (left out: ${noAccounting})`, () => {});

accountingTest(
  'what the controller has forgotten is asked of the accounts, with a clock four hours behind',
  async () => {
    const env: Record<string, string> = {};
    const rig = createRig(env);
    env['PATH'] = `${rig.root}/bin:${process.env['PATH'] ?? ''}`;
    const shifted = existsSync('/usr/bin/faketime') ? `/usr/bin/faketime '-4 hours'` : '';
    rig.write({
      // As a controller answers that forgets a job as soon as it has ended.
      'bin/squeue':
        '#!/bin/bash\nargs=()\nwhile [ $# -gt 0 ]; do [ "$1" = -t ] && shift || args+=("$1"); shift; done\nexec /usr/bin/squeue "${args[@]}"\n',
      'bin/sacct': `#!/bin/bash\necho "$*" >> ${rig.root}/asked\nexec ${shifted} /usr/bin/sacct "$@"\n`,
      // The job's last step: its result never comes.
      'bin/mv': `#!/bin/bash\n[ "$DISTILL_HIDE" != yes ] || case $2 in */.result) exec /bin/mv "$2" ${rig.root}/result;; esac\nexec /bin/mv "$@"\n`,
    });
    for (const name of ['squeue', 'sacct', 'mv']) chmodSync(join(rig.root, 'bin', name), 0o755);
    rig.pipeline(`
    ended: {run: "echo ended >> journal; echo > ended.txt", out: [ended.txt], cluster: {patienceSeconds: 1, prologue: "DISTILL_HIDE=yes; export DISTILL_HIDE"}}
    killed:
      run: "echo killed >> journal; if [ ! -e tried ]; then touch tried; kill -9 $PPID; sleep 60; fi; echo > killed.txt"
      out: [killed.txt]
      cluster: {patienceSeconds: 1}
  `);
    const {code, stderr} = await rig.run('run', '--executor', 'slurm', '--keep-going');
    expect(code).toBe(1);
    // Not submitted again: the accounts know that it has ended well.
    expect(stderr).toMatch(/ended .*not to be seen yet: Slurm job \d+ has ended, but its result has not appeared/);
    expect(stderr).toMatch(/killed: Slurm job \d+ ended as FAILED without a result; submitting it again/);
    expect(rig.read('journal').split('\n').sort()).toEqual(['', 'ended', 'killed', 'killed']);
    expect(rig.read('asked')).toContain('-j ');
    const folder = join(rig.root, '.pipeline/jobs/ended');
    renameSync(join(rig.root, 'result'), join(folder, `result-${readFileSync(join(folder, 'token'), 'utf8')}`));
    const again = await rig.run('run', '--executor', 'slurm');
    expect(again.code, again.stderr).toBe(0);
    expect(
      rig
        .read('journal')
        .split('\n')
        .filter(line => line === 'ended').length,
    ).toBe(1);
  },
);
