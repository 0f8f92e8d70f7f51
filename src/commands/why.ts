import {Command} from '@commander-js/extra-typings';
import {openHere} from './open.ts';
import {fileOption, jsonOption, profileOption, setOption} from './options.ts';
import {colorsFor, printResult} from './output.ts';
import {whyText} from './why-text.ts';
import {why} from '../runner/why.ts';

export const whyCommand = () =>
  new Command('why')
    .description(
      "show each item of a stage's key, old → new, whether it is fresh or not, and the commit of the old one",
    )
    .argument('<stage>', 'stage, or stage@axis=value,…')
    .option('-c, --changed', 'only the items that differ')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('one JSON line for each instance, values in full'))
    .addHelpText('after', examples)
    .action(async (selection, options) => {
      const answers = await why(await openHere(options), selection);
      const shown = options.changed
        ? answers.map(answer => ({...answer, items: answer.items.filter(({changed}) => changed)}))
        : answers;
      if (options.json) return shown.forEach(answer => printResult(JSON.stringify(answer)));
      const colors = colorsFor(process.stdout);
      printResult(shown.map(answer => whyText(answer, colors)).join('\n\n'));
    });

const examples = `
The key holds all that can change what a stage writes: its command or type, params, environment variables,
inputs by content, the code that it may load, the versions of packages, the engine. What differs from the
record in pipeline.lock/ is marked with *.

Examples:
  pipeline why report
  pipeline why train@seed=1 --changed
  pipeline why train --json`;
