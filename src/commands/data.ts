import {Argument, Command, Option} from '@commander-js/extra-typings';
import {formatBytes} from '../reporters/size-text.ts';
import {glueServer, glueSources} from '../tasks/glue/archives.ts';
import {isLiveTerminal, printResult} from './output.ts';
import {UserError} from './user-error.ts';

const folders = Object.keys(glueSources);

export const dataCommand = () =>
  new Command('data')
    .description('download public data sets, check them, and go on where a download was cut off')
    .addArgument(new Argument('<set>', 'which data').choices(['glue'] as const))
    .argument('[folders...]', `parts of it, of ${folders.join(', ')} (default: all)`)
    .addOption(new Option('--to <folder>', 'where it goes').default('data/glue'))
    .addOption(new Option('--server <url>', 'a mirror with the same paths').default(glueServer))
    .addHelpText('after', examples)
    .action(async (_set, names, options) => {
      const unknown = names.filter(name => !folders.includes(name));
      if (unknown.length > 0)
        throw new UserError(`GLUE has no folder ${unknown.join(', ')}; it has ${folders.join(', ')}.`);
      const {fetchGlue} = await import('../tasks/glue/fetch.ts');
      const live = isLiveTerminal(process.stderr);
      const clear = (): void => void (live && process.stderr.write('\r\x1b[K'));
      const onProgress = (name: string, bytes: number, total: number | null): void => {
        clear();
        if (live)
          process.stderr.write(`${name}  ${formatBytes(bytes)}${total === null ? '' : ` of ${formatBytes(total)}`}`);
      };
      const server = options.server.replace(/\/+$/, '');
      try {
        for await (const {name, outcome, files, pinned} of fetchGlue({
          ...{folder: options.to, server, onProgress},
          names: names.length > 0 ? names : folders,
        })) {
          // prettier-ignore
          clear();
          const found = outcome === 'there' ? 'was there' : 'downloaded';
          const note = pinned.length > 0 ? `; pinned: ${pinned.join(', ')}` : '';
          printResult(
            `${name.padEnd(10)} ${found}, ${files.length} ${files.length === 1 ? 'file' : 'files'} checked${note}`,
          );
        }
      } catch (error) {
        clear();
        throw new UserError((error as Error).message, {cause: error});
      }
      printResult(`use it: pipeline run --set data.glue=${options.to} …`);
    });

const examples = `
GLUE's test labels are private, and its data are not all free for every use: see each task's own licence.

Examples:
  pipeline data glue                         all of it, 0.5 GB, into data/glue
  pipeline data glue RTE MRPC --to ~/glue    two tasks`;
