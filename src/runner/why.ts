import path from 'node:path';
import type {JobUsage} from '../contract/executor.ts';
import type {Reason} from '../contract/reason.ts';
import {type FolderChange, folderChanges} from './folder-changes.ts';
import {type PlanOutcome} from './inspect.ts';
import {inspectAll} from './inspect-all.ts';
import type {BuiltKey} from './key/build-key.ts';
import {type Key, keyGroups, keyHash} from './key/key.ts';
import {parseRecord, readRecordText, recordFile} from './key/lock-record.ts';
import {lastUsage} from './last-usage.ts';
import type {Project} from './project.ts';
import {type RecordedBy, recordedBy} from './recorded-by.ts';
import {scopeOf} from './select.ts';
import {type ContentHash, isContentHash, isFolderHash} from './state/content-hash.ts';

/** One item of the key; `was` is undefined when the recorded key has no such item, `now` when the present one has none. */
export interface WhyItem {
  /** `command`, `param`, `env`, `input`, `output-path`, `code`, `package`, `engine`, `node`. */
  readonly group: string;
  readonly name: string;
  readonly was: unknown;
  readonly now: unknown;
  readonly changed: boolean;
  /** The instance that has to run before anybody knows what this input will be. */
  readonly waitsFor?: string;
  /** Of a folder that has changed: what in it; null where the old list of its files is no longer kept. */
  readonly files?: readonly FolderChange[] | null;
}

export interface Why {
  readonly id: string;
  readonly outcome: PlanOutcome;
  readonly reasons: readonly Reason[];
  /** The key, or null while something upstream is not settled. */
  readonly key: string | null;
  /** The key of the record that it is compared with; null where there is none. */
  readonly recordedKey: string | null;
  /** null where the record is in no commit. */
  readonly recordedBy: RecordedBy | null;
  /** What its last run here took. */
  readonly last: JobUsage | null;
  readonly items: readonly WhyItem[];
}

const groupNames: Readonly<Record<(typeof keyGroups)[number], string>> = {
  code: 'code',
  command: 'command',
  engine: 'engine',
  env: 'env',
  inputs: 'input',
  node: 'node',
  outputs: 'output-path',
  packages: 'package',
  params: 'param',
};

/** Every item of the keys of all instances that `selection` names, old → new, for hits and misses. */
export const why = async (project: Project, selection: string): Promise<Why[]> => {
  const scope = scopeOf(project.graph, {select: [selection]});
  const {inspections} = await inspectAll(project, scope, {});
  project.stats.save();
  project.code.save();
  const {root, recorded} = project.paths;
  const named = scope.instances.filter(({id}) => scope.named.has(id));
  const fileOf = (id: string): string => path.relative(root, recordFile(recorded, id)).replaceAll(path.sep, '/');
  const commits = await recordedBy(
    root,
    named.map(({id}) => fileOf(id)),
  );
  const writers = new Map(scope.instances.flatMap(({id, outputs}) => outputs.map(output => [output.path, id])));
  return named.map(({id}) => {
    const {outcome, reasons, built} = inspections.get(id)!;
    const text = readRecordText(recordFile(recorded, id));
    const was = text === null ? null : (parseRecord(text)?.key ?? null);
    const isKnown = built.unknown.length === 0;
    return {
      id,
      outcome,
      reasons,
      key: isKnown ? keyHash(built.key) : null,
      recordedKey: was === null ? null : keyHash(was),
      recordedBy: commits.get(fileOf(id)) ?? null,
      last: lastUsage(project, id) ?? null,
      items: items(was, built, writers).map(item => withFiles(project, item)),
    };
  });
};

const items = (
  was: Key | null,
  {key: now, unknown, paths}: BuiltKey,
  writers: ReadonlyMap<string, string>,
): WhyItem[] =>
  keyGroups.flatMap(group => {
    const before = asRecord(was?.[group]);
    const after = asRecord(now[group]);
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().map((name): WhyItem => {
      const item = {group: groupNames[group], name, was: before[name]};
      if (group === 'inputs' && unknown.includes(name)) {
        // Nobody knows yet what it will be: it has not changed so far.
        const waitsFor = writers.get(paths.get(name) ?? '');
        return {...item, now: undefined, changed: false, ...(waitsFor === undefined ? {} : {waitsFor})};
      }
      // What a key has neither of is no item: a record that is not there differs in all of them.
      const changed = was !== null && JSON.stringify(before[name]) !== JSON.stringify(after[name]);
      return {...item, now: after[name], changed};
    });
  });

const withFiles = ({stats, store}: Project, item: WhyItem): WhyItem => {
  const isFolder = item.group === groupNames.inputs && [item.was, item.now].every(isListed);
  if (!item.changed || !isFolder) return item;
  const [was, now] = [item.was as ContentHash, item.now as ContentHash];
  return {...item, files: folderChanges({stats, store, was, now})};
};

const isListed = (value: unknown): boolean => isContentHash(value) && isFolderHash(value);

const asRecord = (value: Key[(typeof keyGroups)[number]] | undefined): Readonly<Record<string, unknown>> =>
  typeof value === 'string' ? {major: value} : (value ?? {});
