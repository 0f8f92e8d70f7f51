import {closeSync, mkdirSync, openSync} from 'node:fs';
import path from 'node:path';
import type {Executor, Job, JobOutcome} from '../contract/executor.ts';
import {endGroup, killGroup} from './local/end-group.ts';
import {readProgress} from './local/read-progress.ts';
import {watchUsage} from './local/watch-usage.ts';

/** Jobs as child processes of this one, each the leader of a process group, so that what it starts ends with it. */
const localExecutor = (): Executor => {
  const running = new Set<number>();
  return {
    name: 'local',

    kill() {
      for (const pid of running) killGroup(pid);
    },

    async run(job, signal): Promise<JobOutcome> {
      if (signal.aborted) return {kind: 'aborted', usage: {seconds: 0}};
      // Not needed to find out that everything is fresh.
      const {execa} = await import('execa');
      mkdirSync(path.dirname(job.logFile), {recursive: true});
      // Execa's types know descriptors up to 9; Node takes any.
      const log = openSync(job.logFile, 'w') as 9;
      const started = performance.now();
      try {
        const [file = '', ...args] = job.argv;
        const child = execa(file, args, {
          cwd: job.cwd,
          env: {...job.env, DISTILL_PROGRESS_FD: '3'},
          // Straight into the file: nothing is lost when this process dies, and both keep their order.
          stdio: ['ignore', log, log, 'pipe'],
          detached: true,
          reject: false,
          buffer: false,
        });
        if (child.pid !== undefined) running.add(child.pid);
        const usage = watchUsage(child.pid);
        readProgress(child.stdio[3], job.onProgress, usage.told);
        const stop = stopper(child.pid, job, signal);
        const exited = await new Promise<{code: number | null; signal: string | null; error?: Error}>(resolve => {
          // `exit`, not the end of all pipes: a grandchild may hold those open.
          child.once('exit', (code, killedBy) => resolve({code, signal: killedBy}));
          child.once('error', error => resolve({code: null, signal: null, error}));
        });
        stop.clear();
        if (child.pid !== undefined) {
          await endGroup(child.pid);
          running.delete(child.pid);
        }
        child.stdio[3]?.destroy();
        const measured = {seconds: (performance.now() - started) / 1000, ...usage.stop()};
        const why = stop.why();
        if (why !== null) return {kind: why, usage: measured};
        if (exited.error !== undefined) return {kind: 'lost', reason: exited.error.message, usage: measured};
        if (exited.signal !== null) return {kind: 'signalled', signal: exited.signal, usage: measured};
        return {kind: 'exited', code: exited.code ?? 1, usage: measured};
      } finally {
        closeSync(log);
      }
    },
  };
};

export default localExecutor;

/** Ends the job on abort or when its time is over, whichever comes first. */
const stopper = (pid: number | undefined, job: Job, signal: AbortSignal) => {
  let why: 'aborted' | 'timed-out' | null = null;
  const end = (reason: 'aborted' | 'timed-out'): void => {
    if (why !== null || pid === undefined) return;
    why = reason;
    void endGroup(pid);
  };
  const onAbort = (): void => end('aborted');
  signal.addEventListener('abort', onAbort, {once: true});
  // Longer times than setTimeout can count are no limit.
  const timer =
    job.timeoutMs === undefined || job.timeoutMs > 2 ** 31 - 1
      ? undefined
      : setTimeout(() => end('timed-out'), job.timeoutMs);
  return {
    why: () => why,
    clear() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
};
