import {readFileSync} from 'node:fs';
import type {ContentHash} from '../state/content-hash.ts';
import {isContentHash} from '../state/content-hash.ts';
import {fileNameOf} from '../state/paths.ts';
import {type Key, keyGroups, keySchema, keyText} from './key.ts';

export type OutputHashes = Readonly<Record<string, ContentHash>>;

/**
 * What stands in `pipeline.lock/<id>.json`, committed to git: the key of the last good run and what it wrote. One file
 * an instance and one item a line, so that branches merge; no dates, durations or paths of the machine.
 */
export interface LockRecord {
  readonly key: Key;
  readonly written: OutputHashes;
}

/** The file's text is a function of key and outputs: comparing texts answers "is it fresh?" without parsing. */
export const recordText = (key: Key, written: OutputHashes): string => {
  const sorted = Object.keys(written).sort();
  const lines = sorted.map(name => `    ${JSON.stringify(name)}: ${JSON.stringify(written[name])}`);
  return `{\n${keyText(key)},\n  "written": {\n${lines.join(',\n')}\n  }\n}\n`;
};

export const recordFile = (folder: string, id: string): string => `${folder}/${fileNameOf(id)}.json`;

export const readRecordText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
};

/** null for a file that is no record of this schema: a merge conflict, for instance. Such a stage has never run. */
export const parseRecord = (text: string): LockRecord | null => {
  let value: Partial<Record<string, unknown>>;
  try {
    value = JSON.parse(text) as Partial<Record<string, unknown>>;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || value['schema'] !== keySchema) return null;
  for (const group of keyGroups) {
    const part = value[group];
    if (group === 'node' ? typeof part !== 'string' : typeof part !== 'object' || part === null) return null;
  }
  const {written} = value;
  if (typeof written !== 'object' || written === null || !Object.values(written).every(isContentHash)) return null;
  return {key: value as unknown as Key, written: written as OutputHashes};
};
