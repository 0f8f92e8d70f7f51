import {Command} from '@commander-js/extra-typings';
import {maxCharsOption, renamedOption, toleranceOption} from './diff-options.ts';
import {fileOption, jsonOption, profileOption} from './options.ts';
import {printResult} from './output.ts';

export const metricsCommand = () =>
  new Command('metrics')
    .description('the scores of the reports here, or how they differ between two commits')
    .argument('[old]', 'commit, tag or branch; without it the scores of the working tree are shown')
    .argument('[new]', 'commit, tag or branch (default: the working tree)')
    .addOption(toleranceOption())
    .addOption(renamedOption())
    .addOption(maxCharsOption(65_536))
    .addOption(profileOption().default(undefined, 'every report there is'))
    .addOption(fileOption())
    .addOption(jsonOption('print one JSON object instead of markdown'))
    .addHelpText('after', '\nExit codes, for two commits: 0 the same, 1 not, 2 nothing could be compared')
    .action(async (old, now, options) => {
      const {metricsJson, metricsMarkdown, readMetrics} = await import('./metrics-show.ts');
      const {renamed, tolerance: tolerances, file, profile} = options;
      const cwd = process.cwd();
      if (old === undefined) {
        const metrics = await readMetrics({cwd, file, profile});
        return printResult(options.json ? metricsJson(metrics) : metricsMarkdown(metrics));
      }
      const {diffProject} = await import('./diff-project.ts');
      const {diffsJson, resultsMarkdown} = await import('./diff-output.ts');
      const diff = await diffProject({cwd, file, profile, old, new: now ?? null, renamed, tolerances});
      printResult(options.json ? diffsJson(diff) : resultsMarkdown(diff, options.maxChars));
      process.exitCode = diff.same ? 0 : 1;
    });
