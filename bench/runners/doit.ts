import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {commandOf, type RunnerPeer} from './runner-peer.ts';

export default {
  name: 'doit',
  programs: ['doit'],
  write: (folder, {stages}) => {
    const list = JSON.stringify(stages.map(stage => [stage.name, stage.input, stage.output, commandOf(stage)]));
    const code = `DOIT_CONFIG = {'verbosity': 0}
STAGES = ${list}
def task_s():
    for name, source, target, command in STAGES:
        yield {'name': name, 'file_dep': [source], 'targets': [target],
               'actions': [command]}
`;
    writeFileSync(path.join(folder, 'dodo.py'), code);
  },
  run: ([doit]) => [doit!, '-n', '2', '-P', 'thread'],
  status: ([doit]) => [doit!, 'list', '--all', '--status'],
} satisfies RunnerPeer;
