import {Command} from '@commander-js/extra-typings';
import {maxCharsOption} from './diff-options.ts';
import {fileOption, jsonOption, profileOption} from './options.ts';
import {printResult} from './output.ts';

export const paramsCommand = () =>
  new Command('params')
    .description('the params that the recorded results were made with, or how they differ between two commits')
    .argument('[old]', 'commit, tag or branch; without it the params of the working tree are shown')
    .argument('[new]', 'commit, tag or branch (default: the working tree)')
    .addOption(maxCharsOption(65_536))
    .addOption(profileOption().default(undefined, 'every report there is'))
    .addOption(fileOption())
    .addOption(jsonOption('print one JSON object instead of markdown'))
    .addHelpText('after', '\nExit codes, for two commits: 0 the same, 1 not, 2 nothing could be compared')
    .action(async (old, now, options) => {
      const {diffParams, paramsMarkdown, readParams} = await import('./params-show.ts');
      const choice = {cwd: process.cwd(), file: options.file, profile: options.profile};
      const shown = old === undefined ? await readParams(choice) : await diffParams({...choice, old, new: now ?? null});
      printResult(options.json ? JSON.stringify(shown, null, 2) : paramsMarkdown(shown, options.maxChars));
      if (old !== undefined) process.exitCode = shown.params.length === 0 ? 0 : 1;
    });
