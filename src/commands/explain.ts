import type {Reason} from '../contract/reason.ts';
import {compareKeys} from '../runner/key/compare-keys.ts';
import {parseRecord, type LockRecord} from '../runner/key/lock-record.ts';

/** Something that the user changed between two commits (or that differs on another machine), and whom it touches. */
export interface Cause {
  readonly kind: Reason['kind'] | 'stage-added' | 'stage-removed' | 'output-differs';
  readonly key: string;
  readonly was: unknown;
  readonly now: unknown;
  /** Stage → how many of its instances. */
  readonly stages: Readonly<Record<string, number>>;
  /** Whether it can have changed the report: along the edges of the DAG; null where no report stage is recorded. */
  readonly reachesReport: boolean | null;
}

export interface Explanation {
  readonly causes: readonly Cause[];
  /** What cannot be said, in words. */
  readonly notes: readonly string[];
}

type Records = ReadonlyMap<string, LockRecord>;

/**
 * Compares the lock files of two commits. An input that another stage wrote is a consequence, not a cause, and is left
 * out; what remains is what somebody edited.
 */
export const explain = (old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): Explanation => {
  const [before, after] = [readRecords(old), readRecords(now)];
  const notes = [
    ...(old.size === 0 ? ['no lock files on the old side: what changed since then is not recorded'] : []),
    ...(now.size === 0 ? ['no lock files on the new side: what changed until then is not recorded'] : []),
    ...unreadable('old', old, before),
    ...unreadable('new', now, after),
  ];
  if (before.size === 0 || after.size === 0) return {causes: [], notes};
  const producers = [producersOf(before), producersOf(after)] as const;
  const reaching = new Set([...ancestorsOfReport(before, producers[0]), ...ancestorsOfReport(after, producers[1])]);
  const causes = new Map<string, Cause>();
  const add = (id: string, kind: Cause['kind'], key: string, was: unknown, is: unknown): void => {
    const name = JSON.stringify([kind, key, was, is]);
    const known = causes.get(name);
    const stage = stageOf(id);
    causes.set(name, {
      kind,
      key,
      was,
      now: is,
      stages: {...known?.stages, [stage]: (known?.stages[stage] ?? 0) + 1},
      reachesReport: reaching.size === 0 ? null : (known?.reachesReport ?? false) || reaching.has(id),
    });
  };
  for (const id of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [was, is] = [before.get(id), after.get(id)];
    if (!is) add(id, 'stage-removed', stageOf(id), null, null);
    else if (!was) add(id, 'stage-added', stageOf(id), null, null);
    else {
      const reasons = compareKeys(was.key, is.key);
      for (const reason of reasons) {
        if (!('was' in reason)) continue;
        const written = reason.kind === 'input-changed' && producers.some(known => known.ofPath(reason.key) !== null);
        if (!written) add(id, reason.kind, reason.key, reason.was, reason.now);
      }
      if (reasons.length === 0 && JSON.stringify(was.written) !== JSON.stringify(is.written))
        add(id, 'output-differs', stageOf(id), null, null);
    }
  }
  return {causes: [...causes.values()].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1)), notes};
};

const order: readonly Cause['kind'][] = [
  'param-changed',
  'command-changed',
  'env-changed',
  'input-changed',
  'code-changed',
  'package-changed',
  'engine-changed',
  'stage-added',
  'stage-removed',
  'output-differs',
];
const rank = ({kind}: Cause): number => order.indexOf(kind);

const readRecords = (files: ReadonlyMap<string, string>): Records =>
  new Map(
    [...files].flatMap(([name, text]) => {
      const record = parseRecord(text);
      return record ? [[idOf(name), record] as const] : [];
    }),
  );

const unreadable = (side: string, files: ReadonlyMap<string, string>, records: Records): string[] =>
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

const stageOf = (id: string): string => id.replace(/@.*$/s, '');

interface Producers {
  /** Who writes a path: a shell stage names its outputs, a typed one writes to `artifacts/<stage>/<axis>/`. */
  ofPath(path: string): string | null;
  /** Who wrote this content: for outputs that a typed stage was told to put elsewhere. */
  ofContent(content: string): readonly string[];
}

const producersOf = (records: Records): Producers => {
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

const isReport = ({key}: LockRecord): boolean =>
  ('type' in key.command && key.command.type === 'report') ||
  Object.values(key.outputs).some(file => file === 'reports' || file.startsWith('reports/'));

/** The report stages and all that they read from, directly or not. */
const ancestorsOfReport = (records: Records, producers: Producers): Set<string> => {
  const seen = new Set([...records].flatMap(([id, record]) => (isReport(record) ? [id] : [])));
  for (const id of seen) {
    for (const [item, content] of Object.entries(records.get(id)?.key.inputs ?? {})) {
      // `name: path` of a typed stage, `path` of a shell stage
      const writer = producers.ofPath(item.replace(/^[^/]*?: /, ''));
      const writers = writer === null ? producers.ofContent(content ?? '') : [writer];
      for (const found of writers) seen.add(found);
    }
  }
  return seen;
};
