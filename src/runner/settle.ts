import path from 'node:path';
import type {Failure} from '../contract/event.ts';
import type {Instance} from './graph.ts';
import {inRoot, type Inspection, inspect} from './inspect.ts';
import {writeRecord} from './job/commit.ts';
import {type InstanceLock, tryLock, waitForLock} from './lock/instance-lock.ts';
import {endOrphans} from './lock/orphans.ts';
import {jobMark, Making, type MakingTools, type Settled, type Twin} from './make.ts';
import type {ResourcePool} from './schedule/resource-pool.ts';
import {fileNameOf} from './state/paths.ts';

interface Tools extends MakingTools {
  readonly pool: ResourcePool;
  readonly keepGoing: boolean;
}

/** Brings one instance after the other up to date, once all that it needs is settled. */
export class Settling {
  readonly #tools: Tools;
  readonly #making: Making;
  #hasFailed = false;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#making = new Making(tools);
  }

  /** How many jobs were left running for a later run. */
  get left(): number {
    return this.#making.left;
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
      if (lock.isHealed) endOrphans(jobMark(this.#tools.project, instance));
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
      return await this.#making.make(instance, inspection);
    } finally {
      lock.release();
    }
  }

  /** False when an object turned out to be spoilt: then it runs. */
  #restore(instance: Instance, {written, built, absent}: Inspection): boolean {
    const {project, overview} = this.#tools;
    if (written === null) return false;
    for (const {name, path: file} of instance.outputs) {
      const hash = written[name];
      if (hash === undefined) return false;
      if (absent.includes(file) || overview.around.hash(file) === hash) continue;
      if (!project.store.restore(hash, inRoot(project.paths.root, file))) return false;
    }
    if (!instance.frozen) writeRecord(project, instance.id, built.key, written);
    return true;
  }

  #fresh(instance: Instance, {written}: Inspection): Settled {
    this.#tools.overview.written.set(instance.id, written);
    return {outcome: 'fresh', reasons: [], seconds: 0};
  }
}
