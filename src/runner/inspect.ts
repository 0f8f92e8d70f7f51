import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Reason} from '../contract/reason.ts';
import type {Instance} from './graph.ts';
import {type BuiltKey, buildKey, type KeySources} from './key/build-key.ts';
import {compareKeys} from './key/compare-keys.ts';
import {type Key, keyText, runHash} from './key/key.ts';
import {
  type LockRecord,
  type OutputHashes,
  parseRecord,
  readRecordText,
  recordFile,
  recordText,
} from './key/lock-record.ts';
import type {ContentHash} from './state/content-hash.ts';
import type {RunRecords} from './store/run-records.ts';
import type {Store} from './store/store.ts';

/** `may-run`: behind a stage that will run; what that writes decides. */
export type PlanOutcome = 'fresh' | 'restorable' | 'stale' | 'may-run';

/** What the decision about one instance looks at. */
export interface Surroundings extends KeySources {
  readonly store: Store;
  readonly records: RunRecords;
  readonly recorded: string;
  readonly isForced: (id: string) => boolean;
  /** False while nothing that will run reads this output (by its path) of the instance: it may then be missing. */
  readonly isNeeded: (id: string, output: string) => boolean;
}

export interface Inspection {
  readonly outcome: PlanOutcome;
  readonly reasons: readonly Reason[];
  readonly built: BuiltKey;
  /** What the outputs are, or will be when restored; null when only running can tell. */
  readonly written: OutputHashes | null;
  /** Outputs that lie nowhere and that nothing needs. */
  readonly absent: readonly string[];
  readonly record: LockRecord | null;
}

/** Decides about one instance. Reads files, changes none. */
export const inspect = (instance: Instance, around: Surroundings): Inspection => {
  const built = buildKey(instance, around);
  const current = currentOutputs(instance, around);
  const isForced = around.isForced(instance.id);
  const file = recordFile(around.recorded, instance.id);
  // Asked first where the answer may well be no: an exception costs more than all else here.
  const text = isWhole(current) || existsSync(file) ? readRecordText(file) : null;
  const isToRun = isForced || instance.always;
  if (
    !isToRun &&
    text !== null &&
    built.unknown.length === 0 &&
    isWhole(current) &&
    text === recordText(built.key, current)
  ) {
    return {outcome: 'fresh', reasons: [], built, written: current, absent: [], record: null};
  }

  const record = text === null ? null : parseRecord(text);
  if (instance.frozen && record !== null && !isForced) return inspectFrozen({instance, around, built, current, record});
  // Behind a stage that will run: suppose for now that it writes what it wrote last time.
  const isGuess = built.unknown.length > 0;
  const key = isGuess && record !== null ? suppose(built, record.key) : built.key;
  const reasons: Reason[] = record === null ? [{kind: 'first-run'}] : compareKeys(record.key, key);
  const isSameKey = record !== null && keyText(record.key) === keyText(key);
  const result = {reasons, built, absent: [], record};
  if (isToRun) {
    const orders: Reason[] = [
      ...(isForced ? [{kind: 'forced'} as const] : []),
      ...(instance.always ? [{kind: 'always'} as const] : []),
    ];
    return {...result, outcome: 'stale', written: null, reasons: [...reasons, ...orders]};
  }
  if (isGuess && !isSameKey) return {...result, outcome: 'stale', written: null};

  const local = around.records.get(runHash(instance.id, key));
  const candidates = [isSameKey ? record.written : null, local].filter(candidate => candidate !== null);
  if (isSameKey) reasons.push(...outputReasons(instance, record.written, current));
  for (const written of candidates.filter(candidate => hasOutputs(instance, candidate))) {
    const differing = instance.outputs.filter(({name}) => current[name] !== written[name]);
    const isFresh = differing.length === 0 && isSameKey && written === record.written;
    if (isFresh || differing.every(({name}) => around.store.has(written[name]!))) {
      if (isGuess) return {...result, outcome: 'may-run', reasons: [], written: null};
      return {...result, outcome: isFresh ? 'fresh' : 'restorable', reasons: isFresh ? [] : reasons, written};
    }
  }
  // Made or pulled here once; some of it is gone from here and from the store, and nothing that will run asks for that.
  if (isSameKey && local !== null && hasOutputs(instance, record.written)) {
    const {written} = record;
    const differing = instance.outputs.filter(({name}) => current[name] !== written[name]);
    const lost = differing.filter(({name}) => !around.store.has(written[name]!));
    if (lost.every(({name, path}) => current[name] === null && !around.isNeeded(instance.id, path))) {
      if (isGuess) return {...result, outcome: 'may-run', reasons: [], written: null};
      const absent = lost.map(({path}) => path);
      return lost.length === differing.length
        ? {...result, outcome: 'fresh', reasons: [], written, absent}
        : {...result, outcome: 'restorable', written, absent};
    }
  }
  return {...result, outcome: 'stale', written: null};
};

interface FrozenQuestion {
  readonly instance: Instance;
  readonly around: Surroundings;
  readonly built: BuiltKey;
  readonly current: Current;
  readonly record: LockRecord;
}

/** Its record counts whatever has changed since; it runs only when there is nothing to go on with. */
const inspectFrozen = ({instance, around, built, current, record}: FrozenQuestion): Inspection => {
  const {written} = record;
  const reasons = built.unknown.length > 0 ? [] : compareKeys(record.key, built.key);
  const result = {reasons, built, absent: [], record};
  const differing = instance.outputs.filter(({name}) => current[name] !== written[name]);
  if (differing.length === 0) return {...result, outcome: 'fresh', written};
  const restored = [...reasons, ...outputReasons(instance, written, current)];
  const isKept = hasOutputs(instance, written) && differing.every(({name}) => around.store.has(written[name]!));
  if (isKept) return {...result, outcome: 'restorable', reasons: restored, written};
  if (isWhole(current)) return {...result, outcome: 'fresh', written: current};
  return {...result, outcome: 'stale', reasons: restored, written: null};
};

const currentOutputs = (instance: Instance, {hash}: KeySources): Record<string, ContentHash | null> => {
  const current: Record<string, ContentHash | null> = {};
  for (const {name, path: file} of instance.outputs) current[name] = hash(file);
  return current;
};

const isWhole = (current: Readonly<Record<string, ContentHash | null>>): current is OutputHashes =>
  Object.values(current).every(hash => hash !== null);

const hasOutputs = (instance: Instance, written: OutputHashes): boolean =>
  instance.outputs.length === Object.keys(written).length && instance.outputs.every(({name}) => name in written);

const suppose = ({key, unknown}: BuiltKey, was: Key): Key => {
  const inputs = {...key.inputs};
  for (const item of unknown) {
    if (item in was.inputs) inputs[item] = was.inputs[item]!;
  }
  return {...key, inputs};
};

type Current = Readonly<Record<string, ContentHash | null>>;

const outputReasons = ({outputs}: Instance, written: OutputHashes, current: Current): Reason[] =>
  outputs
    .filter(({name}) => current[name] !== written[name])
    .map(({name, path: file}) => ({kind: current[name] === null ? 'output-missing' : 'output-edited', key: file}));

/** Root-relative path → absolute. */
export const inRoot = (root: string, file: string): string => (path.isAbsolute(file) ? file : `${root}/${file}`);
