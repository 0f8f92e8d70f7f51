import {existsSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {Command} from '@commander-js/extra-typings';
import {selectInstances} from '../runner/select.ts';
import {fileNameOf} from '../runner/state/paths.ts';
import {openHere} from './open.ts';
import {fileOption, profileOption, setOption} from './options.ts';
import {printNote} from './output.ts';
import {UserError} from './user-error.ts';

export const logsCommand = () =>
  new Command('logs')
    .description('print what a stage wrote to stdout and stderr when it last ran')
    .argument('<stage>', 'stage, or stage@axis=value,…')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .action(async (selection, options) => {
      const project = await openHere(options);
      const logs = [...selectInstances(project.graph, [selection])]
        .map(id => ({id, path: join(project.paths.logs, `${fileNameOf(id)}.log`)}))
        .filter(({path}) => existsSync(path));
      if (logs.length === 0) throw new UserError(`no log of ${selection}: it has not run in this folder`);
      for (const {id, path} of logs) {
        // The header is for people; what a pipe gets is the log and nothing else.
        if (logs.length > 1 || process.stdout.isTTY) printNote(`==> ${id} (${relative(process.cwd(), path)})`);
        process.stdout.write(readFileSync(path));
      }
    });
