import type {Instance} from '../graph.ts';
import {type LockRecord, parseRecord, readRecordText, recordFile} from '../key/lock-record.ts';
import type {Project} from '../project.ts';
import {scopeOf} from '../select.ts';

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
