import {Command} from '@commander-js/extra-typings';
import {planRun} from '../runner/plan.ts';
import type {SelectOptions} from '../runner/select.ts';
import {clearStore} from './clear-store.ts';
import {estimatePlan} from './estimate-plan.ts';
import {findExecutor} from './find-executor.ts';
import {openHere} from './open.ts';
import {fileOption, jobsOption, jsonOption, profileOption, setOption} from './options.ts';
import {printPlan} from './print-plan.ts';
import {runStages} from './run-stages.ts';
import {storeLimit} from './store-limit.ts';
import {UserError} from './user-error.ts';

export const runCommand = () =>
  new Command('run')
    .description('bring the selected stages (default: all) and what they need up to date')
    .argument('[stage...]', 'stage, or stage@axis=value,… for some instances of a matrix')
    .addOption(jobsOption())
    .option('--until <stage>', 'stop after this stage: nothing that it does not need')
    .option('--force', 'run the selected stages even if they are fresh')
    .option('--downstream', 'also everything that reads from the selected stages')
    .option('--single', 'only the selected stages, without what they need')
    .option('-n, --dry-run', 'tell what would run, why, how long it took last time, and which inputs are missing')
    .option('-k, --keep-going', 'go on with what does not depend on a failed stage')
    .option('-w, --watch', 'run again whenever pipeline.yaml, an input or the code of a stage changes; Ctrl-C ends it')
    .option('--executor <name>', 'where jobs run: local, slurm', 'local')
    .option('--detach', 'leave the jobs with the cluster and end; the next run takes up what they write')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('one JSON line on stdout for each selected stage'))
    .addHelpText('after', examples)
    .action(async (select, options) => {
      if (options.watch && options.dryRun) throw new UserError('--watch runs, --dry-run does not: give one of them');
      const selection: SelectOptions = {
        select,
        force: options.force === true,
        downstream: options.downstream === true,
        single: options.single === true,
        ...(options.until === undefined ? {} : {until: options.until}),
      };
      const isJson = options.json === true;
      const project = await openHere(options);
      if (options.dryRun) {
        const plan = await planRun(project, selection);
        const off = select.length === 0 ? project.graph.off : undefined;
        printPlan(plan, {
          isJson,
          off,
          remote: project.graph.pipeline.remote,
          estimate: estimatePlan(project, plan, options),
        });
        // As the run would: it fails at a file that is not there and that no stage writes.
        process.exitCode = plan.entries.some(({missing}) => missing !== undefined) ? 1 : 0;
        return;
      }
      if (options.detach && options.watch) throw new UserError('--detach ends, --watch stays: give one of them');
      const executor = await findExecutor(options.executor, {detach: options.detach === true});
      const limit = storeLimit();
      await runStages({
        project,
        selection,
        executor,
        isJson,
        settings: {
          ...(options.jobs === undefined ? {} : {jobs: options.jobs}),
          keepGoing: options.keepGoing === true,
        },
        ...(options.watch ? {reopen: () => openHere(options)} : {}),
        afterwards: async (opened, {counts, interrupted}) => {
          if (counts.ran > 0 && !interrupted) await clearStore(opened, limit);
        },
      });
    });

const examples = `
Examples:
  pipeline run                        everything that is not fresh
  pipeline run train@seed=1 --force   one training again
  pipeline run clean --downstream     clean and all that follows from it
  pipeline run --until evaluate       everything up to evaluate
  pipeline run --set seeds=[1,2]      with another value for a var
  pipeline run --watch                again after each edit

Exit codes: 0 done, 1 a stage failed, 2 the input is wrong, 130 interrupted`;
