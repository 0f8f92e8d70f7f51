import {appendFileSync, existsSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {Graph, Instance} from '../graph.ts';
import {expandGlob} from '../key/expand-glob.ts';

/** A shell command is watched from outside: what it opened is compared with what it declares when it has ended. */
export interface Trace {
  /** What goes before the command. */
  readonly argv: readonly string[];
  /** True when it opened files of the project that it does not declare; the log then says which. */
  complain(logFile: string): boolean;
}

/** null where there is no strace (Linux has it as a package of that name). */
export const traceShell = ({pipeline}: Graph, instance: Instance, file: string): Trace | null => {
  const program = ['/usr/bin/strace', '/bin/strace', '/usr/local/bin/strace'].find(each => existsSync(each));
  if (program === undefined) return null;
  return {
    // -y: the real path of each file that was opened, whatever folder the command was in.
    argv: [program, '-f', '-qq', '-y', '-e', 'signal=none', '-e', 'trace=open,openat,creat', '-o', file],
    complain(logFile) {
      const declared = declaredPaths(pipeline.root, instance);
      const found = undeclared(readFileSync(file, 'utf8'), pipeline.root, declared);
      rmSync(file, {force: true});
      if (found.length === 0) return false;
      appendFileSync(logFile, `${messageOf(instance, found)}\n`);
      return true;
    },
  };
};

const declaredPaths = (root: string, {inputs, outputs}: Instance): string[] => [
  ...outputs.map(output => path.resolve(root, output.path)),
  ...inputs.flatMap(({sources}) =>
    sources.flatMap(source =>
      (source.kind === 'path' && source.glob ? expandGlob(root, source.path) : [source.path]).map(each =>
        path.resolve(root, each),
      ),
    ),
  ),
];

interface Opened {
  readonly file: string;
  readonly isWrite: boolean;
}

/** Files of the project, as the trace names them; folders that were only listed do not count. */
const undeclared = (trace: string, root: string, declared: readonly string[]): Opened[] => {
  const found = new Map<string, Opened>();
  for (const line of trace.split('\n')) {
    const [, flags = '', file] = /\b(O_[A-Z_|]+)?[^"]*\)\s*= \d+<(\/[^>]*)>$/.exec(line) ?? [];
    if (file === undefined || flags.includes('O_DIRECTORY') || !file.startsWith(`${root}/`)) continue;
    if (file.startsWith(`${root}/.pipeline/`)) continue;
    if (declared.some(each => file === each || file.startsWith(`${each}/`))) continue;
    const isWrite = /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(flags);
    if (!found.has(file) || isWrite) found.set(file, {file: path.relative(root, file), isWrite});
  }
  return [...found.values()];
};

const messageOf = ({stage}: Instance, found: readonly Opened[]): string =>
  [
    `${stage} touched files that it does not declare:`,
    ...found.map(
      ({file, isWrite}) =>
        `  ${isWrite ? 'wrote' : 'read'} ${file}    add to the stage:  ${isWrite ? 'out' : 'in'}: [${JSON.stringify(file)}]`,
    ),
  ].join('\n');
