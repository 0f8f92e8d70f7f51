import {Command} from '@commander-js/extra-typings';
import {dataCommand} from './data.ts';
import {diffCommand} from './diff.ts';
import {doctorCommand} from './doctor.ts';
import {gcCommand} from './gc.ts';
import {graphCommand} from './graph.ts';
import {initCommand} from './init.ts';
import {logsCommand} from './logs.ts';
import {metricsCommand} from './metrics.ts';
import {paramsCommand} from './params.ts';
import {pullCommand} from './pull.ts';
import {pushCommand} from './push.ts';
import {reportCommand} from './report.ts';
import {runCommand} from './run.ts';
import {runsCommand} from './runs.ts';
import {schemaCommand} from './schema.ts';
import {statusCommand} from './status.ts';
import {verifyCommand} from './verify.ts';
import {whyCommand} from './why.ts';

/** The command line. Only declarations: what a command does is loaded when it is given. */
export const createProgram = (version: string): Command => {
  const program = new Command('pipeline')
    .description('Cached stages for knowledge distillation: run what changed, report what is more than noise.')
    .version(version)
    .helpCommand(true)
    .showHelpAfterError('(pipeline --help lists the commands)')
    .configureHelp({sortOptions: false})
    .exitOverride();
  const commands = [
    runCommand(),
    statusCommand(),
    whyCommand(),
    logsCommand(),
    runsCommand(),
    graphCommand(),
    reportCommand(),
    diffCommand(),
    metricsCommand(),
    paramsCommand(),
    verifyCommand(),
    dataCommand(),
    pushCommand(),
    pullCommand(),
    gcCommand(),
    initCommand(),
    schemaCommand(),
    doctorCommand(),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
};
