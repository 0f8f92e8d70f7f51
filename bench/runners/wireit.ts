import {symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {work} from '../harness/places.ts';
import type {RunnerPeer} from './runner-peer.ts';

export default {
  name: 'wireit',
  programs: ['npm', 'wireit'],
  write: (folder, {stages}) => {
    const scripts = Object.fromEntries(stages.map(({name}) => [name, 'wireit']));
    const wireit = Object.fromEntries(
      stages.map(({name, input, needs, output}) => [
        name,
        {
          command: `cat ${input} > ${output}`,
          files: needs === null ? [input] : [],
          output: [output],
          dependencies: needs === null ? [] : [needs],
        },
      ]),
    );
    const all = {dependencies: stages.map(({name}) => name)};
    const manifest = {name: 'bench', private: true, scripts: {all: 'wireit', ...scripts}, wireit: {all, ...wireit}};
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    symlinkSync(path.join(work, 'npm', 'node_modules'), path.join(folder, 'node_modules'));
  },
  run: ([npm]) => [npm!, 'run', '--silent', 'all'],
  status: null,
  env: {WIREIT_LOGGER: 'quiet', WIREIT_PARALLEL: '2'},
} satisfies RunnerPeer;
