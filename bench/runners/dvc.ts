import {execFileSync} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {commandOf, type RunnerPeer} from './runner-peer.ts';

const env = {DVC_NO_ANALYTICS: '1', DVC_STUDIO_OFFLINE: '1'};

export default {
  name: 'dvc',
  programs: ['dvc'],
  write: (folder, {stages}, [dvc]) => {
    if (!existsSync(path.join(folder, '.dvc')))
      execFileSync(dvc!, ['init', '--no-scm', '--quiet'], {cwd: folder, env: {...process.env, ...env}});
    const entries = stages.map(
      stage =>
        `  ${stage.name}:\n    cmd: ${commandOf(stage)}\n    deps: [${stage.input}]\n    outs: [${stage.output}]`,
    );
    writeFileSync(path.join(folder, 'dvc.yaml'), `stages:\n${entries.join('\n')}\n`);
  },
  run: ([dvc]) => [dvc!, 'repro', '--quiet'],
  status: ([dvc]) => [dvc!, 'status', '--quiet'],
  env,
  takesFolders: true,
  // A cold run of 1,000 stages takes it several minutes.
  mostStages: 100,
} satisfies RunnerPeer;
