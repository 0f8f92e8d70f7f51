import {appendFileSync, existsSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {Graph, Instance} from '../graph.ts';
import {inRoot} from '../inspect.ts';
import {inputPaths} from './input-paths.ts';
import {openedFiles} from './opened-files.ts';

/** A shell command is watched from outside: what it opened is compared with what it declares when it has ended. */
export interface Trace {
  /** What goes before the command. */
  readonly argv: readonly string[];
  /** True when it opened files of the project that it does not declare; the log then says which. */
  complain(logFile: string): boolean;
}

/** null where there is no strace (Linux has it as a package of that name). `aside`: another folder that it runs in. */
export const traceShell = (graph: Graph, instance: Instance, file: string, aside?: string): Trace | null => {
  const program = ['/usr/bin/strace', '/bin/strace', '/usr/local/bin/strace'].find(each => existsSync(each));
  if (program === undefined) return null;
  const {root} = graph.pipeline;
  return {
    // -y: the real path of each file that was opened, whatever folder the command was in.
    argv: [program, '-f', '-qq', '-y', '-e', 'signal=none', '-e', 'trace=open,openat,creat', '-o', file],
    complain(logFile) {
      const roots = aside === undefined ? [root] : [aside, root];
      const found = undeclared(readFileSync(file, 'utf8'), roots, declaredPaths(graph, instance, roots));
      rmSync(file, {force: true});
      if (found.length === 0) return false;
      appendFileSync(logFile, `${messageOf(instance, found)}\n`);
      return true;
    },
  };
};

/** With what links among them lead to, since that is what the trace names. */
const declaredPaths = (graph: Graph, instance: Instance, roots: readonly string[]): string[] =>
  roots
    .flatMap(root => [
      ...inputPaths({...graph, pipeline: {...graph.pipeline, root}}, instance),
      ...instance.outputs.map(output => inRoot(root, output.path)),
    ])
    .flatMap(file => [path.resolve(file), realPath(file)]);

interface Touched {
  readonly file: string;
  readonly isWrite: boolean;
}

/** Files of the project, by their path in it. */
const undeclared = (trace: string, roots: readonly string[], declared: readonly string[]): Touched[] => {
  const found = new Map<string, Touched>();
  for (const {file, isWrite} of openedFiles(trace)) {
    const root = roots.flatMap(each => [each, realPath(each)]).find(each => file.startsWith(`${each}/`));
    if (root === undefined) continue;
    const shown = path.relative(root, file);
    if (shown.startsWith('.pipeline/')) continue;
    if (declared.some(each => file === each || file.startsWith(`${each}/`))) continue;
    if (!found.has(shown) || isWrite) found.set(shown, {file: shown, isWrite});
  }
  return [...found.values()];
};

const realPath = (file: string): string => {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
};

const messageOf = ({stage}: Instance, found: readonly Touched[]): string =>
  [
    `${stage} touched files that it does not declare:`,
    ...found.map(
      ({file, isWrite}) =>
        `  ${isWrite ? 'wrote' : 'read'} ${file}    add to the stage:  ${isWrite ? 'out' : 'in'}: [${JSON.stringify(file)}]`,
    ),
  ].join('\n');
