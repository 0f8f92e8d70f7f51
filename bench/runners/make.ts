import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {commandOf, type RunnerPeer} from './runner-peer.ts';

export default {
  name: 'make',
  programs: ['make'],
  write: (folder, {stages}) => {
    const rules = stages.map(stage => `${stage.output}: ${stage.input}\n\t${commandOf(stage)}\n`);
    const all = `all: ${stages.map(({output}) => output).join(' ')}\n`;
    writeFileSync(path.join(folder, 'Makefile'), `${all}\n${rules.join('\n')}`);
  },
  run: ([make]) => [make!, '-s', '-j2', 'all'],
  status: ([make]) => [make!, '-q', 'all'],
} satisfies RunnerPeer;
