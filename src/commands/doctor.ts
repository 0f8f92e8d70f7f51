import {Command} from '@commander-js/extra-typings';
import {jsonOption} from './options.ts';
import {colorsFor, printResult} from './output.ts';

export const doctorCommand = () =>
  new Command('doctor')
    .description('tell what this machine has: Node, packages, engine backends, cores, memory, git')
    .addOption(jsonOption('one JSON line for each check'))
    .action(async options => {
      const {checks} = await import('./doctor-checks.ts');
      const colors = colorsFor(process.stdout);
      const marks = {ok: colors.green('✓'), missing: colors.yellow('–'), broken: colors.red('✗')};
      for await (const check of checks()) {
        if (check.state === 'broken') process.exitCode = 1;
        if (options.json) printResult(JSON.stringify(check));
        else {
          printResult(`${marks[check.state]} ${check.name.padEnd(18)} ${check.found}`);
          if (check.advice !== undefined) printResult(`${' '.repeat(21)}${colors.dim(check.advice)}`);
        }
      }
    });
