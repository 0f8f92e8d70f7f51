import {Command} from '@commander-js/extra-typings';
import {CannotTell} from '../runner/gc/needed.ts';
import {type Collected, collect} from '../runner/gc/collect.ts';
import {formatBytes} from '../reporters/size-text.ts';
import {openHere} from './open.ts';
import {fileOption, jsonOption} from './options.ts';
import {printResult} from './output.ts';
import {maxSizeOption, storeLimit} from './store-limit.ts';
import {UserError} from './user-error.ts';

export const gcCommand = () =>
  new Command('gc')
    .description('clear the store (.pipeline) of what was longest not used, until it is within its size limit')
    .addOption(maxSizeOption())
    .option('-n, --dry-run', 'tell what would be freed')
    .addOption(fileOption())
    .addOption(jsonOption('the numbers as one JSON object'))
    .addHelpText('after', examples)
    .action(async options => {
      const {paths} = await openHere({...options, set: []});
      const isDryRun = options.dryRun === true;
      const maxBytes = options.maxSize ?? storeLimit();
      const collected = await collect(paths, {maxBytes, isDryRun}).catch((error: unknown) => {
        if (error instanceof CannotTell) throw new UserError(`${error.message}\nNothing was removed.`);
        throw error;
      });
      if (options.json)
        printResult(JSON.stringify({...collected, maxBytes: Number.isFinite(maxBytes) ? maxBytes : null}));
      else for (const line of collectedLines(collected, {maxBytes, isDryRun})) printResult(line);
    });

const collectedLines = (
  {bytesBefore, bytesAfter, freedBytes, removed, neededBytes, places}: Collected,
  {maxBytes, isDryRun}: {maxBytes: number; isDryRun: boolean},
): string[] => {
  const limit = maxBytes === Infinity ? 'no limit' : `limit ${formatBytes(maxBytes)}`;
  const what = [
    ...(removed.objects > 0 ? [`${removed.objects} ${removed.objects === 1 ? 'object' : 'objects'}`] : []),
    ...(removed.checkpoints > 0 ? [`${removed.checkpoints} old checkpoints`] : []),
  ].join(' and ');
  const freed =
    what === '' ? 'nothing to free' : `${isDryRun ? 'would free' : 'freed'} ${formatBytes(freedBytes)}: ${what}`;
  return [
    `${freed}; the store ${isDryRun ? 'has' : 'had'} ${formatBytes(bytesBefore)} (${limit})`,
    `kept in any case: ${formatBytes(neededBytes)} that lock files need, of ${places}`,
    ...(bytesAfter > maxBytes && bytesAfter > neededBytes
      ? [`kept for now: ${formatBytes(bytesAfter - neededBytes)} that is in use, or fresh checkpoints`]
      : []),
  ];
};

const examples = `
Never removed: what the lock files of the working tree, of HEAD and of all branches and tags name,
and what a pipeline that runs at this moment has stored. After a run, \`pipeline run\` does the same
by itself when the store has grown beyond the limit.

Examples:
  pipeline gc                     down to the limit: 10GB, or $DISTILL_STORE_LIMIT
  pipeline gc --max-size 0        all that no lock file needs
  pipeline gc --dry-run           only tell`;
