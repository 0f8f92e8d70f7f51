import {writeFileSync} from 'node:fs';
import path from 'node:path';
import type {RunnerPeer} from './runner-peer.ts';

export default {
  name: 'ninja',
  programs: ['ninja'],
  write: (folder, {stages}) => {
    const rules = stages.map(({input, output}) => `build ${output}: cat ${input}`);
    writeFileSync(path.join(folder, 'build.ninja'), `rule cat\n  command = cat $in > $out\n${rules.join('\n')}\n`);
  },
  run: ([ninja]) => [ninja!, '--quiet', '-j2'],
  status: ([ninja]) => [ninja!, '-n'],
} satisfies RunnerPeer;
