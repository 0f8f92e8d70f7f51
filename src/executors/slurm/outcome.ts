import {constants} from 'node:os';
import type {JobOutcome, JobUsage} from '../../contract/executor.ts';
import type {JobResult} from './job-folder.ts';
import type {SlurmState} from './states.ts';

/** What the batch script's result means; `state` is what Slurm says of the job, where it is known. */
export const outcomeOf = (result: JobResult, state: SlurmState | undefined, told: Partial<JobUsage>): JobOutcome => {
  const usage: JobUsage = {...cpuOf(result.cpu), ...told, seconds: Number(result.seconds) || 0};
  const code = Number(result.code);
  if (result.kind === 'prologue')
    return {kind: 'lost', reason: `the prologue failed on ${result.node} with exit code ${code}; see the log`, usage};
  if (result.kind === 'folder')
    return {kind: 'lost', reason: `node ${result.node} does not see the project's folder`, usage};
  if (result.kind === 'unseen')
    return {kind: 'lost', reason: `node ${result.node} did not see ${result.file}: is it in a folder that all nodes share? \`cluster: {patienceSeconds: …}\` waits longer for one that lags`, usage}; // prettier-ignore
  if (result.stopped === 'time') return {kind: 'timed-out', usage};
  if (result.stopped === 'term') return state === undefined ? stoppedByOthers(usage) : endedBySlurm(state, usage);
  // A shell says 128 + n for "ended by signal n".
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === code - 128) ?? [];
  return signal === undefined ? {kind: 'exited', code, usage} : {kind: 'signalled', signal, usage};
};

/** A job that Slurm ended, or lost, before it could tell of itself. */
export const endedBySlurm = ({id, state, reason}: SlurmState, usage: JobUsage): JobOutcome => {
  switch (state) {
    case 'TIMEOUT':
    case 'DEADLINE':
      return {kind: 'timed-out', usage};
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
    case 'PREEMPTED':
    case 'REVOKED':
      return {kind: 'vanished', reason: `Slurm job ${id} ended as ${state}`, usage};
    case 'OUT_OF_MEMORY':
      return {kind: 'lost', reason: `Slurm job ${id} needed more memory than resources.memoryMb of the stage`, usage};
    case 'CANCELLED':
      return stoppedByOthers(usage, id);
    case 'COMPLETED':
      return {
        kind: 'late',
        reason: `Slurm job ${id} has ended, but its result has not appeared: is the project in a folder that all nodes share?`,
        usage,
      };
    default:
      // A batch script that was killed, with its node's memory or by somebody.
      return {kind: 'vanished', reason: `Slurm job ${id} ended as ${state}${reason === 'None' || reason === '' ? '' : ` (${reason})`} without a result`, usage}; // prettier-ignore
  }
};

/** It has ended, and the folder does not show what it wrote: nothing is lost. */
export const lateOutcome = ({node, seconds}: JobResult, unseen: readonly string[]): JobOutcome => ({
  kind: 'late',
  reason: `node ${node} wrote ${unseen.join(', ')}, and the shared folder does not show all of it here`,
  usage: {seconds: Number(seconds) || 0},
});

const stoppedByOthers = (usage: JobUsage, id = ''): JobOutcome => ({
  kind: 'lost',
  reason: `${id === '' ? 'the job' : `Slurm job ${id}`} was cancelled from outside (scancel)`,
  usage,
});

/** `0m1.200s 0m0.100s`: user and system time of all that the script waited for. */
const cpuOf = (text: string): Partial<JobUsage> => {
  const seconds = [...text.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
  return seconds > 0 ? {cpuSeconds: Math.round(seconds * 100) / 100} : {};
};
