import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import type {RunnerPeer} from './runner-peer.ts';

const env = {DVC_NO_ANALYTICS: '1', DVC_STUDIO_OFFLINE: '1'};

export default {
  name: 'dvc',
  programs: ['dvc'],
  write: (folder, {stages}, [dvc]) => {
    execFileSync(dvc!, ['init', '--no-scm', '--quiet'], {cwd: folder, env: {...process.env, ...env}});
    const entries = stages.map(
      ({name, input, output}) =>
        `  ${name}:\n    cmd: cat ${input} > ${output}\n    deps: [${input}]\n    outs: [${output}]`,
    );
    writeFileSync(path.join(folder, 'dvc.yaml'), `stages:\n${entries.join('\n')}\n`);
  },
  run: ([dvc]) => [dvc!, 'repro', '--quiet'],
  status: ([dvc]) => [dvc!, 'status', '--quiet'],
  env,
  // A cold run of 1,000 stages takes it several minutes.
  mostStages: 100,
} satisfies RunnerPeer;
