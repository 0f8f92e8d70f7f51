import {Command, Option} from '@commander-js/extra-typings';
import {maxCharsOption, renamedOption, toleranceOption} from './diff-options.ts';
import {fileOption, jsonOption, profileOption} from './options.ts';
import {printResult} from './output.ts';

const comment = 65_536;

export const diffCommand = () =>
  new Command('diff')
    .description('what changed in the reports between two commits, whether it is more than seed noise, and why')
    .argument('[old]', 'commit, tag or branch', 'HEAD')
    .argument('[new]', 'commit, tag or branch (default: the working tree)')
    .addOption(
      new Option(
        '--fail-on <what>',
        'what makes the exit code 1: any difference, one beyond noise, or one for the worse',
      )
        .choices(['difference', 'change', 'regression'] as const)
        .default('difference' as const),
    )
    .addOption(toleranceOption())
    .addOption(renamedOption())
    .addOption(maxCharsOption(comment))
    .addOption(profileOption().default(undefined, 'every report there is'))
    .addOption(fileOption())
    .addOption(jsonOption('print one JSON object instead of markdown'))
    .addHelpText('after', '\nExit codes: 0 the same, 1 as --fail-on says, 2 nothing could be compared')
    .action(async (old, now, options) => {
      const {diffProject} = await import('./diff-project.ts');
      const {diffsJson, diffsMarkdown} = await import('./diff-output.ts');
      const {renamed, tolerance: tolerances, file, profile} = options;
      const diff = await diffProject({cwd: process.cwd(), file, profile, old, new: now ?? null, renamed, tolerances});
      printResult(options.json ? diffsJson(diff) : diffsMarkdown(diff, options.maxChars));
      const failing = {difference: !diff.same, change: diff.changed, regression: diff.regression};
      process.exitCode = failing[options.failOn] ? 1 : 0;
    });
