import {mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {Instance, ShellCommand} from '../graph.ts';
import {inRoot} from '../inspect.ts';
import {CannotStart, type PreparedJob} from './prepared-job.ts';

/** A shell command writes in place: its outputs are removed first, so that what is there afterwards is its own. */
export const prepareShell = (
  root: string,
  instance: Instance,
  command: ShellCommand,
  isUnderWay = false,
): PreparedJob => {
  const outputs = instance.outputs.map(output => ({output, writtenTo: inRoot(root, output.path)}));
  for (const {output, writtenTo} of outputs) {
    const relative = path.relative(root, writtenTo);
    // It is about to be deleted: the project itself, or something outside of it, must never be.
    if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) {
      throw new CannotStart(`expected outputs inside the project, got \`${output.path}\``);
    }
  }
  const remove = (): void => {
    for (const {writtenTo} of outputs) rmSync(writtenTo, {recursive: true, force: true});
  };
  if (!isUnderWay) remove();
  for (const {writtenTo} of outputs) mkdirSync(path.dirname(writtenTo), {recursive: true});
  return {argv: ['/bin/sh', '-c', command.text], outputs, publish() {}, discard: remove, cleanUp() {}};
};
