import type {RunEvent, Verdict} from '../../contract/event.ts';
import type {Executor} from '../../contract/executor.ts';
import type {Instance} from '../graph.ts';
import type {Inspection, Surroundings} from '../inspect.ts';
import {inspectAll} from '../inspect-all.ts';
import {compareKeys} from '../key/compare-keys.ts';
import {keyText} from '../key/key.ts';
import {parseRecord, readRecordText, recordFile} from '../key/lock-record.ts';
import {lastUsage} from '../last-usage.ts';
import {removeLeftovers} from '../leftovers.ts';
import type {Project} from '../project.ts';
import {capacityFor, defaultJobs} from '../schedule/capacity.ts';
import {estimateRun} from '../schedule/estimate.ts';
import {ResourcePool} from '../schedule/resource-pool.ts';
import {scopeOf} from '../select.ts';
import type {CompareFiles} from './compare-outputs.ts';
import {runAside, type Verified} from './run-aside.ts';

export interface VerifyOptions {
  /** Only these, without what they need; default: all. */
  readonly select: readonly string[];
  readonly jobs?: number;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  readonly compareFiles: CompareFiles;
  /** Also look whether shell stages open files of the project that they do not declare. */
  readonly isTraced?: boolean;
  readonly report: (event: RunEvent) => void;
}

/**
 * Runs instances again, aside, and compares with what is recorded of them. Artifacts, lock files and what is known of earlier runs stay
 * as they are. Each is told as a `stage-verified` event; those that an interruption kept from starting are not in the result.
 */
export const verify = async (project: Project, options: VerifyOptions): Promise<Verdict[]> => {
  const {executor, signal, compareFiles, report} = options;
  const jobs = options.jobs ?? defaultJobs(executor);
  const capacity = capacityFor(executor, jobs);
  const scope = scopeOf(project.graph, {select: options.select});
  const {inspections, around} = await inspectAll(project, scope, {});
  const instances = scope.instances.filter(({id}) => scope.named.has(id));
  // What each reads is recorded, so that none has to wait for another.
  const alone = instances.filter(({reproducible}) => reproducible !== false).map(each => ({...each, needs: []}));
  const expected = estimateRun({instances: alone, lastSeconds: id => lastUsage(project, id)?.seconds, capacity, jobs});
  report({
    kind: 'run-started',
    total: instances.length,
    jobs,
    idWidth: instances.reduce((width, {id}) => Math.max(width, id.length), 0),
    ...(expected.secondsOf.size === 0 ? {} : {expected}),
  });
  removeLeftovers(project.paths);
  const pool = new ResourcePool(capacity, jobs);
  const verdicts: Verdict[] = [];
  const settle = ({id, stage, axis}: Instance, {verdict, seconds}: Verified): void => {
    if (verdict.kind !== 'failed' || verdict.failure.kind !== 'interrupted') verdicts.push(verdict);
    report({kind: 'stage-verified', id, stage, axis, verdict, seconds});
  };
  await Promise.all(
    instances.map(async instance => {
      const record = recordOf(project, instance);
      const open = cannotCompare(instance, inspections.get(instance.id)!, record);
      if (open !== null) return settle(instance, {verdict: open, seconds: 0});
      const release = await pool.acquire(instance.resources);
      try {
        if (signal.aborted) return;
        const {id, stage, axis} = instance;
        const seconds = expected.secondsOf.get(id);
        const expectation = seconds === undefined ? {} : {expectedSeconds: seconds};
        report({kind: 'stage-started', id, stage, axis, reasons: [], ...expectation});
        const {built} = inspections.get(id)!;
        const request = {project, instance, around: settled(around, inspections), built, written: record!.written};
        const isTraced = options.isTraced === true;
        settle(instance, await runAside({...request, executor, signal, compareFiles, isTraced, report}));
      } finally {
        release();
      }
    }),
  );
  project.stats.save();
  project.code.save();
  return verdicts;
};

type LockRecord = NonNullable<ReturnType<typeof parseRecord>>;

const recordOf = ({paths}: Project, {id}: Instance): LockRecord | null => {
  const text = readRecordText(recordFile(paths.recorded, id));
  return text === null ? null : parseRecord(text);
};

/** Why there is nothing to compare with; null when there is. */
const cannotCompare = (
  {reproducible, frozen, outputs}: Instance,
  {built, reasons}: Inspection,
  record: LockRecord | null,
): Verdict | null => {
  if (reproducible === false) return {kind: 'not-compared', why: 'not-reproducible'};
  const isCurrent =
    record !== null &&
    built.unknown.length === 0 &&
    keyText(record.key) === keyText(built.key) &&
    outputs.every(({name}) => name in record.written);
  if (isCurrent) return null;
  if (frozen) return {kind: 'not-compared', why: 'frozen'};
  const why = record === null || built.unknown.length > 0 ? reasons : compareKeys(record.key, built.key);
  return {kind: 'not-fresh', reasons: why};
};

/** What upstream stages have written is what planning found, whatever the files in place have become. */
const settled = (around: Surroundings, inspections: ReadonlyMap<string, Inspection>): Surroundings => ({
  ...around,
  written: (id, output) => inspections.get(id)?.written?.[output] ?? around.written(id, output),
});
