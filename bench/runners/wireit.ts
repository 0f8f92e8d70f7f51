import {existsSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {work} from '../harness/places.ts';
import {commandOf, type RunnerPeer} from './runner-peer.ts';

export default {
  name: 'wireit',
  programs: ['npm', 'wireit'],
  write: (folder, {stages}) => {
    const scripts = Object.fromEntries(stages.map(({name}) => [name, 'wireit']));
    const wireit = Object.fromEntries(
      stages.map(stage => [
        stage.name,
        {
          command: commandOf(stage),
          files: stage.needs === null ? [stage.input] : [],
          output: [stage.output],
          dependencies: stage.needs === null ? [] : [stage.needs],
        },
      ]),
    );
    const all = {dependencies: stages.map(({name}) => name)};
    const manifest = {name: 'bench', private: true, scripts: {all: 'wireit', ...scripts}, wireit: {all, ...wireit}};
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    const packages = path.join(folder, 'node_modules');
    if (!existsSync(packages)) symlinkSync(path.join(work, 'npm', 'node_modules'), packages);
  },
  run: ([npm]) => [npm!, 'run', '--silent', 'all'],
  status: null,
  takesFolders: true,
  env: {WIREIT_LOGGER: 'quiet', WIREIT_PARALLEL: '2'},
} satisfies RunnerPeer;
