import {existsSync, statfsSync} from 'node:fs';
import type {Failure} from '../../contract/event.ts';
import type {JobOutcome} from '../../contract/executor.ts';
import type {Instance} from '../graph.ts';
import type {PreparedJob} from './prepared-job.ts';

/** What the end of a job means, its outputs apart; null when it went well. */
export const failureOf = (outcome: JobOutcome, {timeoutMinutes}: Instance, logFile: string): Failure | null => {
  switch (outcome.kind) {
    case 'exited':
      return outcome.code === 0 ? null : {kind: 'exit-code', code: outcome.code, logFile};
    case 'signalled':
      return {kind: 'signal', signal: outcome.signal, logFile};
    case 'timed-out':
      return {kind: 'timed-out', minutes: timeoutMinutes ?? 0, logFile};
    case 'aborted':
    case 'detached':
      return {kind: 'interrupted'};
    case 'vanished':
      return {kind: 'vanished', message: outcome.reason};
    case 'late':
      return {kind: 'late', message: outcome.reason};
    case 'lost':
      return {kind: 'could-not-start', message: outcome.reason};
  }
};

export const missingOutputs = ({outputs}: PreparedJob, logFile: string): Failure | null => {
  const missing = outputs.filter(({writtenTo}) => !existsSync(writtenTo)).map(({output}) => output.path);
  return missing.length === 0 ? null : {kind: 'output-not-written', outputs: missing, logFile};
};

/** A job whose disk is full often cannot even write to its log why it failed. */
export const withDisk = (failure: Failure, root: string): Failure => {
  if (failure.kind !== 'exit-code' && failure.kind !== 'signal') return failure;
  const {bavail, bsize} = statfsSync(root);
  return bavail * bsize < 1 << 20 ? {...failure, diskFull: true} : failure;
};
