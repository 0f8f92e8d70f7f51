import {readFileSync, statSync} from 'node:fs';
import {join, relative} from 'node:path';
import {Command} from '@commander-js/extra-typings';
import {lastUsage} from '../runner/last-usage.ts';
import {selectInstances} from '../runner/select.ts';
import {fileNameOf} from '../runner/state/paths.ts';
import {usageText} from '../reporters/usage-text.ts';
import {openHere} from './open.ts';
import {fileOption, jsonOption, profileOption, setOption} from './options.ts';
import {printNote, printResult} from './output.ts';
import {UserError} from './user-error.ts';

export const logsCommand = () =>
  new Command('logs')
    .description('print what a stage wrote to stdout and stderr when it last ran')
    .argument('<stage>', 'stage, or stage@axis=value,…')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('one JSON line for each instance, with the text'))
    .addHelpText('after', examples)
    .action(async (selection, options) => {
      const project = await openHere(options);
      const logs = [...selectInstances(project.graph, [selection])]
        .map(id => ({id, path: join(project.paths.logs, `${fileNameOf(id)}.log`)}))
        .flatMap(({id, path}) => {
          const stats = statSync(path, {throwIfNoEntry: false});
          return stats === undefined ? [] : [{id, path, at: stats.mtime}];
        });
      if (logs.length === 0) throw new UserError(`no log of ${selection}: it has not run in this folder`);
      for (const {id, path, at} of logs) {
        const last = lastUsage(project, id);
        if (options.json) {
          const file = relative(project.paths.root, path);
          printResult(JSON.stringify({id, file, at, ...last, text: readFileSync(path, 'utf8')}));
          continue;
        }
        // The header is for people; what a pipe gets is the log and nothing else.
        const took = last === undefined ? '' : `; last good run: ${usageText(last)}`;
        if (logs.length > 1 || process.stdout.isTTY) printNote(`==> ${id} (${relative(process.cwd(), path)}${took})`);
        process.stdout.write(readFileSync(path));
      }
    });

const examples = `
Both streams are kept as they came, of the last attempt of each instance; while a stage runs, what it has
written so far. The header of each log goes to stderr, so that a pipe gets the log alone.

Examples:
  pipeline logs report
  pipeline logs train@seed=1 | grep loss
  pipeline logs train --json`;
