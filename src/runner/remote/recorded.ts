import type {Instance} from '../graph.ts';
import {type LockRecord, parseRecord, readRecordText, recordFile} from '../key/lock-record.ts';
import type {Project} from '../project.ts';
import {scopeOf} from '../select.ts';
import type {ContentHash} from '../state/content-hash.ts';

export interface TransferOptions {
  /** `stage` or `stage@axis=value,…`, without what these need. Default: everything. */
  readonly select: readonly string[];
  readonly signal: AbortSignal;
  /** Told after each object: how many, and their bytes so far. */
  readonly onProgress: (objects: number, bytes: number) => void;
}

export interface Recorded {
  readonly instance: Instance;
  readonly record: LockRecord;
}

/** The instances that were named (default: all) and have a lock file, which says what they wrote. */
export const recordedInstances = ({graph, paths}: Project, select: readonly string[]): Recorded[] =>
  scopeOf(graph, {select, single: true}).instances.flatMap(instance => {
    const text = readRecordText(recordFile(paths.recorded, instance.id));
    const record = text === null ? null : parseRecord(text);
    return record === null ? [] : [{instance, record}];
  });

/** What it wrote, each with the path where it belongs. */
export const outputsOf = ({instance, record}: Recorded): [ContentHash, string][] =>
  instance.outputs.flatMap(({name, path}) => {
    const hash = record.written[name];
    return hash === undefined ? [] : [[hash, path] as [ContentHash, string]];
  });
