import {lstatSync, readdirSync} from 'node:fs';
import path from 'node:path';
import type {Job} from '../../contract/executor.ts';
import type {JobResult} from './job-folder.ts';

/** What the node saw of the outputs and this machine does not see, or not yet as much of. */
export const unseenOutputs = ({outputs = []}: Job, {written = ''}: JobResult): string[] =>
  written
    .split(' ')
    .filter(item => item !== '')
    .flatMap(item => {
      const [index, extent] = item.split(':');
      const file = outputs[Number(index)];
      if (file === undefined) return [];
      const found = extentOf(file);
      return found === null || (extent !== undefined && found !== extent) ? [file] : [];
    });

/**
 * How much is there, as the batch script counts it: `files/bytes`, links not followed; null for nothing. A shared folder
 * may show a file before its content. Folders are listed anew, since that a name was missing may be remembered for a minute.
 */
const extentOf = (file: string): string | null => {
  try {
    if (!readdirSync(path.dirname(file)).includes(path.basename(file))) return null;
    const {files, bytes} = count(file);
    return `${files}/${bytes}`;
  } catch {
    // Gone between the list and the look.
    return null;
  }
};

const count = (file: string): {files: number; bytes: number} => {
  const stats = lstatSync(file);
  if (!stats.isDirectory()) return stats.isFile() ? {files: 1, bytes: stats.size} : {files: 0, bytes: 0};
  const all = {files: 0, bytes: 0};
  for (const name of readdirSync(file)) {
    const {files, bytes} = count(path.join(file, name));
    all.files += files;
    all.bytes += bytes;
  }
  return all;
};
