import {setMaxListeners} from 'node:events';
import type {Job, JobOutcome, JobUsage} from '../../contract/executor.ts';
import {progressReader} from '../local/read-progress.ts';
import {callSlurm} from './call.ts';
import {followFile} from './follow-file.ts';
import {readResult} from './job-folder.ts';
import {endedBySlurm, lateOutcome, outcomeOf} from './outcome.ts';
import {hopelessText, isHopeless} from './refusal.ts';
import {isUnderWay, queryAccounting, queryStates, type SlurmStates} from './states.ts';
import {patienceOf} from './submit-batch.ts';
import {unseenOutputs} from './unseen-outputs.ts';

export interface Watched {
  readonly job: Job;
  readonly folder: string;
  readonly token: string;
  readonly id: string;
}

interface Entry extends Watched {
  readonly settle: (outcome: JobOutcome) => void;
  readonly readProgress: () => void;
  told: Partial<JobUsage>;
  isAborted: boolean;
  /** Since when, by this machine's steady clock, the job is over without a result, or has one without its outputs. */
  overSince: number | null;
}

const noUsage: JobUsage = {seconds: 0};
/** Where Slurm itself says that a job was cut short, nothing more is to come. */
const shortPatience = 10;
const firstMs = 100;
const longestMs = 1000;
const firstQueryMs = 1000;
const longestQueryMs = 10_000;

/** Waits for all jobs of this runner together: results are looked for in their folders, and Slurm is asked now and then. */
export class Watcher {
  readonly #entries = new Set<Entry>();
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = firstMs;
  #queryMs = firstQueryMs;
  #queriedAt = -Infinity;
  #states: SlurmStates | null = null;
  #cancelled: string[] = [];

  /** Settles when the job has ended; an abort cancels it. */
  watch(watched: Watched, signal: AbortSignal): Promise<JobOutcome> {
    return new Promise(resolve => {
      const entry: Entry = {
        ...watched,
        told: {},
        isAborted: false,
        overSince: null,
        readProgress: followFile(
          `${watched.folder}/progress`,
          progressReader(watched.job.onProgress, usage => (entry.told = usage)),
        ),
        settle: outcome => {
          if (!this.#entries.delete(entry)) return;
          signal.removeEventListener('abort', abort);
          resolve(outcome);
        },
      };
      const abort = (): void => {
        entry.isAborted = true;
        this.#cancel(entry.id);
      };
      this.#entries.add(entry);
      // One of the run's, listened to by each of its jobs.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', abort, {once: true});
      if (signal.aborted) abort();
      this.#hurry();
    });
  }

  /** Ends everything without a grace time. */
  kill(): void {
    const ids = [...this.#entries].map(({id}) => id);
    if (ids.length === 0) return;
    void callSlurm('scancel', ['--full', '--signal=KILL', ...ids]).then(() => callSlurm('scancel', ids));
    for (const entry of [...this.#entries]) entry.settle({kind: 'aborted', usage: noUsage});
  }

  /** Many are cancelled by one command. */
  #cancel(id: string): void {
    if (this.#cancelled.push(id) > 1) return;
    setTimeout(() => {
      const ids = this.#cancelled;
      this.#cancelled = [];
      void callSlurm('scancel', ['--quiet', ...ids]).then(() => this.#hurry());
    }, 20);
  }

  #hurry(): void {
    this.#pauseMs = firstMs;
    this.#queryMs = firstQueryMs;
    this.#queriedAt = Math.min(this.#queriedAt, performance.now() - firstQueryMs / 2);
    clearTimeout(this.#timer);
    if (this.#entries.size > 0) this.#timer = setTimeout(() => void this.#look(), this.#pauseMs);
  }

  async #look(): Promise<void> {
    const before = this.#timer;
    const missing = [...this.#entries].filter(entry => !this.#takeResult(entry));
    if (missing.length > 0 && performance.now() - this.#queriedAt >= this.#queryMs) {
      this.#states = await queryStates();
      this.#queriedAt = performance.now();
      this.#queryMs = Math.min(this.#queryMs * 1.3, longestQueryMs);
      // No answer is no news: a controller that restarts forgets nothing.
      if (this.#states !== null) for (const entry of missing) await this.#judge(entry, this.#states);
    }
    if (this.#timer !== before) return;
    this.#pauseMs = Math.min(this.#pauseMs * 1.2, longestMs);
    if (this.#entries.size > 0) this.#timer = setTimeout(() => void this.#look(), this.#pauseMs);
  }

  /** True when nothing more than the result is needed; it then settles, once all that the node wrote is seen here. */
  #takeResult(entry: Entry): boolean {
    entry.readProgress();
    const result = readResult(entry.folder, entry.token);
    if (result === null) return false;
    if (entry.isAborted) entry.settle({kind: 'aborted', usage: {seconds: Number(result.seconds) || 0}});
    // Only Slurm knows whether somebody cancelled it, or it had to make room.
    else if (result.stopped === 'term') return false;
    else {
      const unseen = result.code === '0' ? unseenOutputs(entry.job, result) : [];
      if (unseen.length === 0) entry.settle(outcomeOf(result, undefined, entry.told));
      else if (this.#isOver(entry, patienceOf(entry.job))) entry.settle(lateOutcome(result, unseen));
    }
    return true;
  }

  /** What is to be made of a job without a result, or of one that was told to stop. */
  async #judge(entry: Entry, states: SlurmStates): Promise<void> {
    const state = states.get(entry.id);
    if (state !== undefined && isUnderWay(state)) {
      if (!isHopeless(state)) entry.overSince = null;
      // A controller that has just started may say it of nodes that have not reported yet.
      if (entry.isAborted || !isHopeless(state) || !this.#isOver(entry, patienceOf(entry.job))) return;
      this.#cancel(entry.id);
      return entry.settle({
        kind: 'lost',
        reason: await hopelessText(state, entry.job.cluster?.partition),
        usage: noUsage,
      });
    }
    if (entry.isAborted) return entry.settle({kind: 'aborted', usage: noUsage});
    const patience = patienceOf(entry.job);
    const isStopped = readResult(entry.folder, entry.token)?.stopped === 'term';
    const isCut = isStopped || (state !== undefined && state.state !== 'COMPLETED');
    if (
      !(isStopped && state !== undefined) &&
      !this.#isOver(entry, isCut ? Math.min(patience, shortPatience) : patience)
    )
      return;
    const last = state ?? (await queryAccounting(entry.id));
    if (this.#takeResult(entry)) return;
    const result = readResult(entry.folder, entry.token);
    const reason = `Slurm no longer knows job ${entry.id}, and it left no result`;
    if (result !== null) entry.settle(outcomeOf(result, last ?? undefined, entry.told));
    else entry.settle(last === null ? {kind: 'vanished', reason, usage: noUsage} : endedBySlurm(last, noUsage));
  }

  /** Whether it has been waited for long enough; begins to count when first asked. */
  #isOver(entry: Entry, patienceSeconds: number): boolean {
    entry.overSince ??= performance.now();
    // Something is about to come or to be given up: no time for long pauses.
    this.#queryMs = Math.min(this.#queryMs, firstQueryMs);
    return performance.now() - entry.overSince >= patienceSeconds * 1000;
  }
}
