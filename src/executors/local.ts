import {setMaxListeners} from 'node:events';
import {closeSync, mkdirSync, openSync} from 'node:fs';
import path from 'node:path';
import type {Executor, Job, JobOutcome} from '../contract/executor.ts';
import {endGroup, killGroup} from './local/end-group.ts';
import {progressReader} from './local/read-progress.ts';
import {ShellLauncher} from './local/shell-launcher.ts';
import type {StartedJob} from './local/started-job.ts';
import {watchUsage} from './local/watch-usage.ts';

/** Jobs on this machine, each the leader of a process group, so that what it starts ends with it. */
const localExecutor = (): Executor => {
  const running = new Set<StartedJob>();
  // Reading the environment costs a call for each variable: once is enough.
  const env = {...process.env, DISTILL_PROGRESS_FD: '3'};
  const launcher = new ShellLauncher(env);
  return {
    name: 'local',

    kill() {
      for (const started of running) {
        const group = started.group();
        if (group !== undefined) killGroup(group);
      }
    },

    async run(job, signal): Promise<JobOutcome> {
      // Not needed to find out that everything is fresh.
      const {startProcess} = await import('./local/start-process.ts');
      if (signal.aborted) return {kind: 'aborted', usage: {seconds: 0}};
      emptyLog(job.logFile);
      const began = performance.now();
      const usage = watchUsage();
      const read = progressReader(job.onProgress, usage.told);
      const started = launcher.takes(job) ? launcher.start(job, read) : startProcess(job, env, read);
      running.add(started);
      usage.watch(started.group);
      const stop = stopper(started, job, signal);
      const exited = await started.exited;
      stop.clear();
      const group = started.group();
      if (group !== undefined) await endGroup(group);
      running.delete(started);
      const cpuSeconds = started.cpuSeconds();
      if (cpuSeconds !== undefined) usage.told({cpuSeconds});
      const measured = {seconds: (performance.now() - began) / 1000, ...usage.stop()};
      const why = stop.why();
      if (why !== null) return {kind: why, usage: measured};
      if (exited.error !== undefined) return {kind: 'lost', reason: exited.error.message, usage: measured};
      if (exited.signal !== null) return {kind: 'signalled', signal: exited.signal, usage: measured};
      return {kind: 'exited', code: exited.code ?? 1, usage: measured};
    },
  };
};

export default localExecutor;

/** Here and not by whoever writes to it, so that a log that cannot be written is told before anything starts. */
const emptyLog = (file: string): void => {
  try {
    closeSync(openSync(file, 'w'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(path.dirname(file), {recursive: true});
    closeSync(openSync(file, 'w'));
  }
};

/** Ends the job on abort or when its time is over, whichever comes first. */
const stopper = (started: StartedJob, job: Job, signal: AbortSignal) => {
  let why: 'aborted' | 'timed-out' | null = null;
  let hasEnded = false;
  void started.exited.then(() => (hasEnded = true));
  const end = async (reason: 'aborted' | 'timed-out'): Promise<void> => {
    if (why !== null) return;
    why = reason;
    // A job that is only just starting has no group yet.
    while (!hasEnded) {
      const group = started.group();
      if (group !== undefined) await endGroup(group);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };
  const onAbort = (): void => void end('aborted');
  // One of the run's, listened to by each of its jobs.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', onAbort, {once: true});
  // Longer times than setTimeout can count are no limit.
  const timer =
    job.timeoutMs === undefined || job.timeoutMs > 2 ** 31 - 1
      ? undefined
      : setTimeout(() => void end('timed-out'), job.timeoutMs);
  return {
    why: () => why,
    clear() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
};
