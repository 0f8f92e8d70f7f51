import type {Job} from '../../contract/executor.ts';
import {callSlurm} from './call.ts';
import {type Placed, submitBatch} from './submit-batch.ts';

/** What became of asking: null when the job was no longer wanted by then. */
export type Ticket = {readonly token: string; readonly id: string} | null;

interface Waiting extends Placed {
  readonly signal: AbortSignal;
  readonly settle: (ticket: Promise<Ticket>) => void;
}

/** Jobs that become ready together come within milliseconds of each other. */
const gatherMs = 60;
const gatherAtMostMs = 600;

/** Collects jobs that come at about the same time, and submits those of a stage as one array. */
export class Submitter {
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #since = 0;
  #largest: Promise<number> | undefined;

  submit(job: Job, folder: string, signal: AbortSignal): Promise<Ticket> {
    return new Promise(settle => {
      if (this.#waiting.length === 0) this.#since = performance.now();
      this.#waiting.push({job, folder, signal, settle});
      clearTimeout(this.#timer);
      const left = this.#since + gatherAtMostMs - performance.now();
      this.#timer = setTimeout(() => void this.#flush(), Math.max(0, Math.min(gatherMs, left)));
    });
  }

  async #flush(): Promise<void> {
    const all = this.#waiting;
    this.#waiting = [];
    const size = await (this.#largest ??= largestArray());
    const groups = new Map<string, Waiting[]>();
    for (const each of all) {
      const {stage = each.job.id, resources, cluster, timeoutMs, cwd} = each.job;
      const what = JSON.stringify([stage, resources, cluster, timeoutMs, cwd]);
      groups.set(what, [...(groups.get(what) ?? []), each]);
    }
    for (const group of groups.values()) {
      for (let from = 0; from < group.length; from += size) this.#give(group.slice(from, from + size));
    }
  }

  #give(batch: readonly Waiting[]): void {
    const submitted = submitBatch(batch, () => batch.some(({signal}) => !signal.aborted));
    batch.forEach(({settle}, index) =>
      settle(submitted.then(given => (given === null ? null : {token: given.token, id: given.ids[index]!}))),
    );
  }
}

/** How many jobs an array may have here; a cluster's own default is 1000. */
const largestArray = async (): Promise<number> => {
  const {stdout} = await callSlurm('scontrol', ['show', 'config']);
  const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(stdout) ?? [];
  return Math.max(1, Math.min(1000, Number(size ?? 1001) - 1));
};
