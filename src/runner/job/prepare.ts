import path from 'node:path';
import type {StageClosure} from '../code/stage-closure.ts';
import type {Instance} from '../graph.ts';
import type {Surroundings} from '../inspect.ts';
import type {BuiltKey} from '../key/build-key.ts';
import {engineFoldersOf} from '../project.ts';
import type {Project} from '../project.ts';
import {fileNameOf} from '../state/paths.ts';
import {scratchOf} from './commit.ts';
import {prepareShell} from './prepare-shell.ts';
import {prepareTyped} from './prepare-typed.ts';
import {CannotStart, type PreparedJob} from './prepared-job.ts';
import {traced} from './traced.ts';

interface Wanted {
  readonly project: Project;
  readonly instance: Instance;
  readonly around: Surroundings;
  readonly built: BuiltKey;
}

/** What another executor knows of an earlier start. */
interface Found {
  readonly folder?: string;
  readonly isUnderWay?: boolean;
}

/** What is to be started for a shell stage or a typed one, or why it cannot be: `CannotStart`. */
export const prepareJob = async (
  {project, instance, around, built}: Wanted,
  {folder, isUnderWay = false}: Found,
): Promise<PreparedJob> => {
  const {graph, paths, code, tool} = project;
  const {command} = instance;
  if (command.kind === 'shell') {
    const shell = prepareShell(paths.root, instance, command, isUnderWay);
    if (instance.hermetic !== true) return shell;
    return traced(shell, graph, instance, path.join(paths.logs, `${fileNameOf(instance.id)}.trace`));
  }
  const closure: StageClosure | null = around.closure(instance);
  if (closure === null)
    throw new CannotStart(`there is no stage type \`${command.type}\` in ${path.join(paths.root, 'stages')}`);
  if (closure.problems.length > 0) throw new CannotStart(closure.problems.join('\n'));
  const module = await code.install(closure);
  const scratch = scratchOf(project, instance.id, built.key);
  const {downloads} = project;
  const engineFolders = engineFoldersOf(project, command);
  const place = {tmp: paths.tmp, folder, isUnderWay, scratch};
  const graphs = path.join(project.paths.state, 'graphs');
  return prepareTyped({graph, instance, command, module, closure, tool, downloads, engineFolders, graphs, ...place});
};
