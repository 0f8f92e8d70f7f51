import {Command} from '@commander-js/extra-typings';
import {planRun} from '../runner/plan.ts';
import {estimatePlan} from './estimate-plan.ts';
import {openHere} from './open.ts';
import {fileOption, jsonOption, profileOption, setOption} from './options.ts';
import {printPlan} from './print-plan.ts';

export const statusCommand = () =>
  new Command('status')
    .description('tell what a run would do; exit code 1 when not everything is fresh')
    .argument('[stage...]', 'only these stages and what they need')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('one JSON line for each stage'))
    .addHelpText('after', examples)
    .action(async (select, options) => {
      const project = await openHere(options);
      const plan = await planRun(project, {select});
      const off = select.length === 0 ? project.graph.off : undefined;
      printPlan(plan, {
        isJson: options.json === true,
        off,
        remote: project.graph.pipeline.remote,
        estimate: estimatePlan(project, plan),
      });
      process.exitCode = plan.entries.every(({outcome}) => outcome === 'fresh') ? 0 : 1;
    });

const examples = `
Examples:
  pipeline status                 what a run would do, why, and how long that took last time
  pipeline status report          only of report and what it needs
  pipeline status --json          the same records as run --json

Exit codes: 0 all is fresh, 1 something is not, 2 the input is wrong`;
