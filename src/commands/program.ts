import {Command} from '@commander-js/extra-typings';
import {diffCommand} from './diff.ts';
import {doctorCommand} from './doctor.ts';
import {graphCommand} from './graph.ts';
import {initCommand} from './init.ts';
import {logsCommand} from './logs.ts';
import {runCommand} from './run.ts';
import {schemaCommand} from './schema.ts';
import {statusCommand} from './status.ts';
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
    graphCommand(),
    diffCommand(),
    initCommand(),
    schemaCommand(),
    doctorCommand(),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
};
