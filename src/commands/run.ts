import {Command, InvalidArgumentError} from '@commander-js/extra-typings';
import {planRun} from '../runner/plan.ts';
import {run} from '../runner/run.ts';
import {createReporter} from './create-reporter.ts';
import {findExecutor} from './find-executor.ts';
import {openHere} from './open.ts';
import {fileOption, jsonOption, profileOption, setOption} from './options.ts';
import {printPlan} from './print-plan.ts';
import {stopOnSignals} from './stop-on-signals.ts';

export const runCommand = () =>
  new Command('run')
    .description('bring the selected stages (default: all) and what they need up to date')
    .argument('[stage...]', 'stage, or stage@axis=value,… for some instances of a matrix')
    .option('-j, --jobs <n>', 'how many jobs at once (default: the number of CPU cores)', positiveInteger)
    .option('--force', 'run the selected stages even if they are fresh')
    .option('--downstream', 'also everything that reads from the selected stages')
    .option('--single', 'only the selected stages, without what they need')
    .option('-n, --dry-run', 'tell what would run, and why, and how long it took last time')
    .option('-k, --keep-going', 'go on with what does not depend on a failed stage')
    .option('--executor <name>', 'where jobs run', 'local')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('one JSON line on stdout for each selected stage'))
    .addHelpText('after', examples)
    .action(async (select, options) => {
      const selection = {
        select,
        force: options.force === true,
        downstream: options.downstream === true,
        single: options.single === true,
      };
      const project = await openHere(options);
      if (options.dryRun) return printPlan(await planRun(project, selection), options.json === true);
      const executor = findExecutor(options.executor);
      const reporter = createReporter(options.json === true);
      const stopping = stopOnSignals({
        onFirst: () =>
          reporter.report({kind: 'warning', message: 'stopping the running stages; once more kills them now'}),
        onSecond: () => executor.kill?.(),
      });
      try {
        const result = await run(project, {
          ...selection,
          ...(options.jobs === undefined ? {} : {jobs: options.jobs}),
          keepGoing: options.keepGoing === true,
          signal: stopping.signal,
          executor,
          report: event => reporter.report(event),
        });
        process.exitCode = result.interrupted ? 130 : result.failed ? 1 : 0;
      } finally {
        reporter.close();
        stopping.forget();
      }
    });

const examples = `
Examples:
  pipeline run                        everything that is not fresh
  pipeline run train@seed=1 --force   one training again
  pipeline run clean --downstream     clean and all that follows from it
  pipeline run --set seeds=[1,2]      with another value for a var

Exit codes: 0 done, 1 a stage failed, 2 the input is wrong, 130 interrupted`;

const positiveInteger = (value: string): number => {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1) throw new InvalidArgumentError('Expected a positive integer.');
  return parsed;
};
