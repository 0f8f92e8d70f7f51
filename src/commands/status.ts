import {Command} from '@commander-js/extra-typings';
import {planRun} from '../runner/plan.ts';
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
    .action(async (select, options) => {
      const project = await openHere(options);
      const plan = await planRun(project, {select});
      printPlan(plan, options.json === true);
      process.exitCode = plan.entries.every(({outcome}) => outcome === 'fresh') ? 0 : 1;
    });
