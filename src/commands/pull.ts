import {Command} from '@commander-js/extra-typings';
import {formatBytes} from '../reporters/size-text.ts';
import {plural} from '../report/format.ts';
import {type Pulled, pull} from '../runner/remote/pull.ts';
import {findRemote} from './find-remote.ts';
import {openHere} from './open.ts';
import {fileOption, jsonOption, profileOption, setOption} from './options.ts';
import {printResult} from './output.ts';
import {pathLines, remoteOption, transfer} from './transfer.ts';

export const pullCommand = () =>
  new Command('pull')
    .description('fetch outputs that lock files name and this machine lacks')
    .argument('[stage...]', 'only these: stage, or stage@axis=value,… (default: all)')
    .addOption(remoteOption())
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('the numbers as one JSON object'))
    .addHelpText('after', examples)
    .action(async (select, options) => {
      const project = await openHere(options);
      const {address, remote} = await findRemote(project, 'pull', options.remote);
      const pulled = await transfer('fetched', tools => pull(project, remote, {select, ...tools}));
      if (pulled === null) return;
      if (options.json) printResult(JSON.stringify({remote: address, ...pulled}));
      else for (const line of linesOf(pulled, address)) printResult(line);
    });

const linesOf = ({outputs, fetchedObjects, fetchedBytes, there, placed, absent}: Pulled, address: string): string[] => {
  if (outputs === 0) return ['nothing to pull: no lock file names an output'];
  const fetched = outputs - there - absent.length;
  return [
    `pulled ${plural(fetched, 'output')} from ${address}: ${plural(fetchedObjects, 'object')}, ${formatBytes(fetchedBytes)}; ${there} ${there === 1 ? 'was' : 'were'} here`,
    ...(placed.length > 0 ? [`${plural(placed.length, 'output')} put in place`] : []),
    ...(absent.length > 0 ? ['not there:', ...pathLines(absent)] : []),
  ];
};

const examples = `
Fetched bytes are checked against the hashes in the lock files. What is in its place stays as it is, edited
or not. A stage that was pulled counts as made: what else it wrote is fetched or made again only when a
stage that runs reads it.

Examples:
  git clone … && pipeline pull && pipeline run    runs only what differs from what was pushed
  pipeline pull report                            only these
  pipeline pull --remote /mnt/lab/outputs

Exit codes: 0 done, 1 the transfer failed, 2 the input is wrong, 130 interrupted`;
