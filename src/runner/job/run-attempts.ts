import type {Failure} from '../../contract/event.ts';
import {type JobRequest, type JobResult, runJob} from './run-job.ts';

/** How often a job that vanished is submitted again. */
const vanishedRetries = 3;

/** Attempts, until one succeeds, is left to a later run, or trying again cannot help; `warn` is told of each other one. */
export const runAttempts = async (
  request: Omit<JobRequest, 'attempt'>,
  warn: (message: string) => void,
): Promise<JobResult> => {
  const {id, retries} = request.instance;
  for (let attempt = 1; ; attempt++) {
    const result = await runJob({...request, attempt});
    if (result.ok || result.isDetached === true || request.signal.aborted) return result;
    const {failure} = result;
    // That it vanished is not the stage's fault: `retries` is for what is.
    if (failure.kind === 'vanished' && attempt <= vanishedRetries + retries) {
      warn(`${id}: ${failure.message}; submitting it again`);
      continue;
    }
    if (attempt > retries || !canHelp.has(failure.kind)) return result;
    warn(`${id} failed (${failure.kind}); trying again, ${attempt} of ${retries}`);
  }
};

/** Trying again helps where the job itself failed. */
const canHelp = new Set<Failure['kind']>(['exit-code', 'signal', 'timed-out', 'output-not-written']);
