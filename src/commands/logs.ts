import {readFileSync, statSync} from 'node:fs';
import {relative} from 'node:path';
import {Command} from '@commander-js/extra-typings';
import {attemptLogs} from '../runner/job/attempt-logs.ts';
import {lastUsage} from '../runner/last-usage.ts';
import {selectInstances} from '../runner/select.ts';
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
      const logs = [...selectInstances(project.graph, [selection])].flatMap(id => {
        const files = attemptLogs(project.paths, id);
        return files.map((path, index) => ({id, path, attempt: index + 1, attempts: files.length}));
      });
      if (logs.length === 0) throw new UserError(`no log of ${selection}: it has not run in this folder`);
      for (const {id, path, attempt, attempts} of logs) {
        const last = lastUsage(project, id);
        if (options.json) {
          const file = relative(project.paths.root, path);
          const at = statSync(path).mtime;
          printResult(JSON.stringify({id, file, at, attempt, attempts, ...last, text: readFileSync(path, 'utf8')}));
          continue;
        }
        // The header is for people; what a pipe gets is the log and nothing else.
        const which = attempts === 1 ? '' : `, attempt ${attempt} of ${attempts}`;
        const took = last === undefined ? '' : `; last good run: ${usageText(last)}`;
        if (logs.length > 1 || process.stdout.isTTY)
          printNote(`==> ${id}${which} (${relative(process.cwd(), path)}${took})`);
        process.stdout.write(readFileSync(path));
      }
    });

const examples = `
Both streams are kept as they came, of every attempt of an instance's last run (see \`retries\`); while a
stage runs, what it has written so far. The header of each log goes to stderr, so that a pipe gets the log alone.

Examples:
  pipeline logs report
  pipeline logs train@seed=1 | grep loss
  pipeline logs train --json`;
