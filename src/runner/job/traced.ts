import type {Graph, Instance} from '../graph.ts';
import {traceShell} from '../hermetic/trace-shell.ts';
import {CannotStart, type PreparedJob} from './prepared-job.ts';

/**
 * A shell job of which is looked at, when it has ended, what it opened. `file`: where the trace goes meanwhile; `aside`:
 * the folder it runs in, where that is not the project.
 */
export const traced = (
  shell: PreparedJob,
  graph: Graph,
  instance: Instance,
  file: string,
  aside?: string,
): PreparedJob => {
  const trace = traceShell(graph, instance, file, aside);
  if (trace === null)
    throw new CannotStart('what a shell stage opens is seen with strace, which is not installed here (apt-get install strace)'); // prettier-ignore
  return {...shell, argv: [...trace.argv, ...shell.argv], isUndeclared: logFile => trace.complain(logFile)};
};
