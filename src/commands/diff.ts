import {Command} from '@commander-js/extra-typings';
import {jsonOption} from './options.ts';
import {printResult} from './output.ts';

export const diffCommand = () =>
  new Command('diff')
    .description('what changed in the reports between two commits, whether it is more than seed noise, and why')
    .argument('[old]', 'commit, tag or branch', 'HEAD')
    .argument('[new]', 'commit, tag or branch (default: the working tree)')
    .addOption(jsonOption('print one JSON object instead of markdown'))
    .action(async (old, now, options) => {
      const {diffProject} = await import('./diff-project.ts');
      const {diffsJson, diffsMarkdown} = await import('./diff-output.ts');
      const diff = await diffProject({cwd: process.cwd(), old, new: now ?? null});
      printResult(options.json ? diffsJson(diff) : diffsMarkdown(diff));
      process.exitCode = diff.same ? 0 : 1;
    });
