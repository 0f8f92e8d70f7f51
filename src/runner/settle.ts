import path from 'node:path';
import type {Failure, Outcome, RunEvent} from '../contract/event.ts';
import type {Executor, JobUsage} from '../contract/executor.ts';
import type {Reason} from '../contract/reason.ts';
import type {Instance} from './graph.ts';
import {inRoot, type Inspection, inspect} from './inspect.ts';
import type {Overview} from './inspect-all.ts';
import {writeRecord} from './job/commit.ts';
import {type JobResult, runJob} from './job/run-job.ts';
import {keyHash} from './key/key.ts';
import {type InstanceLock, tryLock, waitForLock} from './lock/instance-lock.ts';
import {endOrphans} from './lock/orphans.ts';
import {lastUsage} from './last-usage.ts';
import type {Project} from './project.ts';
import type {ResourcePool} from './schedule/resource-pool.ts';
import {hashText} from './state/hash-file.ts';
import {fileNameOf} from './state/paths.ts';

export interface Settled {
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly seconds: number;
  readonly usage?: JobUsage;
  readonly failure?: Failure;
}

/** Another instance of the same key is being made: the lock that it holds until then. */
interface Twin {
  readonly twin: string;
}

/** How often a job that vanished is submitted again. */
const vanishedRetries = 3;

interface Tools {
  readonly project: Project;
  readonly overview: Overview;
  readonly pool: ResourcePool;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  readonly report: (event: RunEvent) => void;
  readonly keepGoing: boolean;
}

/** Brings one instance after the other up to date, once all that it needs is settled. */
export class Settling {
  readonly #tools: Tools;
  #hasFailed = false;
  #hasToldOfEngine = false;
  #left = 0;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** How many jobs were left running for a later run. */
  get left(): number {
    return this.#left;
  }

  /** null when the run was stopped before this one could start, or ended before the job. */
  async settle(instance: Instance): Promise<Settled | null> {
    const {project, overview, pool, signal, report} = this.#tools;
    if (this.#isStopping()) return null;
    // Early cutoff: what it reads has been made again, with the same content. What has never run has nothing to be equal to.
    const planned = overview.inspections.get(instance.id);
    const first = planned?.reasons[0]?.kind === 'first-run' ? planned : inspect(instance, overview.around);
    if (first.outcome === 'fresh') return this.#fresh(instance, first);

    const file = path.join(project.paths.locks, `${fileNameOf(instance.id)}.lock`);
    for (;;) {
      let awaited = file;
      // Room first, then the lock, and neither is kept while waiting for the other: two runs cannot block each other.
      const release = await pool.acquire(instance.resources);
      try {
        if (this.#isStopping()) return null;
        const attempt = tryLock(file);
        if ('lock' in attempt) {
          const settled = await this.#bring(instance, attempt.lock);
          if (settled === null) return null;
          if (!('twin' in settled)) {
            // Before its room is given to the next one.
            if (settled.outcome === 'failed') this.#hasFailed = true;
            return settled;
          }
          awaited = settled.twin;
        } else report({kind: 'stage-waiting', id: instance.id, holderPid: attempt.holderPid});
      } catch (error) {
        if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
        this.#hasFailed = true;
        const failure: Failure = {kind: 'could-not-save', message: (error as Error).message};
        return {outcome: 'failed', reasons: first.reasons, seconds: 0, failure};
      } finally {
        release();
      }
      await waitForLock(awaited, signal);
    }
  }

  #isStopping(): boolean {
    return this.#tools.signal.aborted || (this.#hasFailed && !this.#tools.keepGoing);
  }

  /** Restores or runs it; the lock is ours. */
  async #bring(instance: Instance, lock: InstanceLock): Promise<Settled | Twin | null> {
    const {overview} = this.#tools;
    try {
      if (lock.isHealed) endOrphans(this.#mark(instance));
      // Another run may have done it while this one waited, and files may have changed.
      const inspection = inspect(instance, overview.around);
      if (inspection.outcome === 'fresh') return this.#fresh(instance, inspection);
      if (inspection.outcome === 'restorable') {
        const started = performance.now();
        if (this.#restore(instance, inspection)) {
          overview.written.set(instance.id, inspection.written);
          const {reasons} = inspection;
          return {outcome: 'restored', reasons, seconds: (performance.now() - started) / 1000};
        }
      }
      return await this.#runAlone(instance, inspection);
    } finally {
      lock.release();
    }
  }

  /** False when an object turned out to be spoilt: then it runs. */
  #restore(instance: Instance, {written, built}: Inspection): boolean {
    const {project, overview} = this.#tools;
    if (written === null) return false;
    for (const {name, path: file} of instance.outputs) {
      const hash = written[name];
      if (hash === undefined) return false;
      if (overview.around.hash(file) === hash) continue;
      if (!project.store.restore(hash, inRoot(project.paths.root, file))) return false;
    }
    if (!instance.frozen) writeRecord(project, instance.id, built.key, written);
    return true;
  }

  /** Typed stages of one key have one folder of checkpoints, and the second finds in the store what the first has made. */
  async #runAlone(instance: Instance, inspection: Inspection): Promise<Settled | Twin | null> {
    if (instance.command.kind === 'shell') return this.#run(instance, inspection);
    const twin = path.join(this.#tools.project.paths.locks, `key-${keyHash(inspection.built.key)}.lock`);
    const attempt = tryLock(twin);
    if (!('lock' in attempt)) {
      const {holderPid} = attempt;
      if (holderPid !== process.pid) this.#tools.report({kind: 'stage-waiting', id: instance.id, holderPid});
      return {twin};
    }
    try {
      return await this.#run(instance, inspection);
    } finally {
      attempt.lock.release();
    }
  }

  async #run(instance: Instance, {reasons, built}: Inspection): Promise<Settled | null> {
    const {project, overview, executor, signal, report} = this.#tools;
    const {id, stage, axis} = instance;
    this.#tellOfEngine(instance);
    const expectedSeconds = lastUsage(project, id)?.seconds;
    report({
      kind: 'stage-started',
      id,
      stage,
      axis,
      reasons,
      ...(expectedSeconds === undefined ? {} : {expectedSeconds}),
    });
    const mark = this.#mark(instance);
    const {around} = overview;
    for (let attempt = 1; ; attempt++) {
      const onProgress = (progress: Extract<RunEvent, {kind: 'stage-progress'}>['progress']): void =>
        report({kind: 'stage-progress', id, progress});
      const result = await runJob({project, instance, around, built, executor, signal, mark, attempt, onProgress});
      if (result.ok) {
        overview.written.set(id, result.written);
        return {outcome: 'ran', reasons, seconds: result.usage.seconds, usage: result.usage};
      }
      if (result.isDetached === true) {
        this.#left++;
        return null;
      }
      const {failure: why} = result;
      // That it vanished is not the stage's fault: `retries` is for what is.
      if (why.kind === 'vanished' && attempt <= vanishedRetries + instance.retries && !signal.aborted) {
        report({kind: 'warning', message: `${id}: ${why.message}; submitting it again`});
        continue;
      }
      if (attempt > instance.retries || !canRetry(result) || signal.aborted) {
        const {failure, usage} = result;
        return {outcome: 'failed', reasons, seconds: usage.seconds, usage, failure};
      }
      report({
        kind: 'warning',
        message: `${id} failed (${result.failure.kind}); trying again, ${attempt} of ${instance.retries}`,
      });
    }
  }

  /** Once a run, and only when something computes: `nothing to do` needs no remarks. */
  #tellOfEngine({command}: Instance): void {
    if (this.#hasToldOfEngine || command.kind === 'shell' || !command.engine) return;
    this.#hasToldOfEngine = true;
    const note = this.#tools.project.engine()?.note;
    if (note !== undefined) this.#tools.report({kind: 'warning', message: note});
  }

  #fresh(instance: Instance, {written}: Inspection): Settled {
    this.#tools.overview.written.set(instance.id, written);
    return {outcome: 'fresh', reasons: [], seconds: 0};
  }

  #mark({id}: Instance): string {
    const {graph, paths} = this.#tools.project;
    return `${hashText(paths.root).slice(0, 16)}:${graph.pipeline.locksDir}:${id}`;
  }
}

/** Trying again helps where the job itself failed. */
const canRetry = (result: JobResult): boolean =>
  !result.ok && ['exit-code', 'signal', 'timed-out', 'output-not-written'].includes(result.failure.kind);
