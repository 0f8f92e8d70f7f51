import {join} from 'node:path';
import {expect} from 'vitest';
import {createRig, slurmTest} from './rig.ts';

/** A module that sets this process's clock; times of files and of Slurm stay what they are. */
const shifted = (hours: number): string =>
  `const now = Date.now; const shift = ${hours} * 3600000; Date.now = () => now() + shift;
globalThis.Date = class extends Date { constructor(...args) { args.length === 0 ? super(Date.now()) : super(...args); } static now() { return now() + shift; } };`;

const journal = 'echo ${seed} >> journal; while [ ! -e gate ]; do sleep 0.1; done; echo words > s/${seed}.txt';

for (const hours of [-5, 5]) {
  slurmTest(
    `a runner whose clock is ${Math.abs(hours)} hours ${hours < 0 ? 'behind' : 'ahead'}, killed, and one with another clock: nothing runs twice`,
    async () => {
      const env: Record<string, string> = {};
      const rig = createRig(env);
      const clock = (file: string): void => void (env['NODE_OPTIONS'] = `--import=${join(rig.root, file)}`);
      rig.write({'ours.mjs': shifted(hours), 'theirs.mjs': shifted(-hours), 's/.keep': ''});
      // The nodes keep their own time, and what they write has that of yet another clock.
      rig.pipeline(`
      seeds:
        run: "${journal}; touch -d '${-2 * hours} hours' s/\${seed}.txt"
        matrix: {seed: [1, 2]}
        out: ["s/\${seed}.txt"]
        cluster: {prologue: unset NODE_OPTIONS}
      all: {run: "cat s/1.txt s/2.txt > all.txt", in: ["@seeds"], out: [all.txt], cluster: {prologue: unset NODE_OPTIONS}}
    `);
      clock('ours.mjs');
      const first = rig.start('run', '--executor', 'slurm');
      await rig.until(() => rig.exists('journal') && rig.read('journal').trim().split('\n').length === 2);
      first.child.kill('SIGKILL');
      await first.result;
      clock('theirs.mjs');
      const second = rig.start('run', '--executor', 'slurm');
      await rig.until(() => rig.exists('.pipeline/jobs/seeds@seed=1/record.json'));
      rig.write({gate: ''});
      const {code, stderr} = await second.result;
      expect(code, stderr).toBe(0);
      expect(rig.read('journal').split('\n').sort()).toEqual(['', '1', '2']);
      expect(rig.read('all.txt')).toBe('words\nwords\n');
      delete env['NODE_OPTIONS'];
      expect(await rig.changed()).toEqual({});
    },
  );
}
