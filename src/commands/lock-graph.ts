import {parseRecord, type LockRecord} from '../runner/key/lock-record.ts';

/** Lock records of one side by instance. */
export type Records = ReadonlyMap<string, LockRecord>;

export const readRecords = (files: ReadonlyMap<string, string>): Records =>
  new Map(
    [...files].flatMap(([name, text]) => {
      const record = parseRecord(text);
      return record ? [[idOf(name), record] as const] : [];
    }),
  );

/** A sentence about lock files that are no records, for the side that has them. */
export const unreadable = (side: string, files: ReadonlyMap<string, string>, records: Records): string[] =>
  files.size > records.size
    ? [
        `${files.size - records.size} lock files of the ${side} side can't be compared (another version's, or a merge conflict)`,
      ]
    : [];

/** `train@seed=1.json` → `train@seed=1`; odd characters are `%XX` in file names. */
const idOf = (file: string): string => {
  const name = file.replace(/^.*\//, '').replace(/\.json$/, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

export interface Producers {
  /** Who writes a path: a shell stage names its outputs, a typed one writes to `artifacts/<stage>/<axis>/`. */
  ofPath(path: string): string | null;
  /** Who wrote this content: for outputs that a typed stage was told to put elsewhere. */
  ofContent(content: string): readonly string[];
}

export const producersOf = (records: Records): Producers => {
  const folders = new Map<string, string>();
  const contents = new Map<string, string[]>();
  for (const [id, {key, written}] of records) {
    folders.set(`artifacts/${id.replace('@', '/')}`, id);
    for (const file of Object.values(key.outputs)) folders.set(file, id);
    for (const hash of Object.values(written)) contents.set(hash, [...(contents.get(hash) ?? []), id]);
  }
  return {
    ofPath: path => {
      for (let folder = path; folder !== ''; folder = folder.includes('/') ? folder.replace(/\/[^/]*$/, '') : '') {
        const id = folders.get(folder);
        if (id !== undefined) return id;
      }
      return null;
    },
    ofContent: content => contents.get(content) ?? [],
  };
};

/** The instances themselves and all that they read from, directly or not. */
export const ancestorsOf = (ids: Iterable<string>, records: Records, producers: Producers): Set<string> => {
  const seen = new Set(ids);
  for (const id of seen) {
    for (const found of writersOf(id, records, producers)) seen.add(found);
  }
  return seen;
};

/** `name: path` of a typed stage, `path` of a shell stage. */
const inputOf = (item: string): {name: string | null; path: string} => {
  const typed = /^([^/]*?): (.*)$/s.exec(item);
  return typed ? {name: typed[1] ?? null, path: typed[2] ?? ''} : {name: null, path: item};
};

/** Who wrote what an instance reads; all of it, or one input by name. */
export const writersOf = (id: string, records: Records, producers: Producers, name?: string): string[] =>
  Object.entries(records.get(id)?.key.inputs ?? {}).flatMap(([item, content]) => {
    const input = inputOf(item);
    if (name !== undefined && input.name !== name) return [];
    const writer = producers.ofPath(input.path);
    return writer === null ? producers.ofContent(content ?? '') : [writer];
  });

export const reportStages = (records: Records): string[] =>
  [...records].flatMap(([id, {key}]) => {
    const isReport =
      ('type' in key.command && key.command.type === 'report') ||
      Object.values(key.outputs).some(file => file === 'reports' || file.startsWith('reports/'));
    return isReport ? [id] : [];
  });
