import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {commandOf, type RunnerPeer} from './runner-peer.ts';

export default {
  name: 'ninja',
  programs: ['ninja'],
  write: (folder, {stages}) => {
    const rules = stages.map(stage => `build ${stage.output}: sh ${stage.input}\n  text = ${commandOf(stage)}`);
    writeFileSync(path.join(folder, 'build.ninja'), `rule sh\n  command = $text\n${rules.join('\n')}\n`);
  },
  run: ([ninja]) => [ninja!, '--quiet', '-j2'],
  status: ([ninja]) => [ninja!, '-n'],
} satisfies RunnerPeer;
