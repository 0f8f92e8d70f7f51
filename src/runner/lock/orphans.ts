import {readdirSync, readFileSync} from 'node:fs';

/** Set in the environment of every job, and thereby of all that it starts. */
export const jobVariable = 'DISTILL_JOB';

/**
 * A runner that was killed cannot stop its job, which would go on writing into outputs that the next run is making. The
 * next run, having taken the dead one's lock, ends what is left. Linux only; elsewhere the worker ends itself when its
 * parent is gone.
 */
export const endOrphans = (mark: string): number => {
  const wanted = `${jobVariable}=${mark}`;
  let ended = 0;
  for (const pid of processIds()) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(wanted)) continue;
      process.kill(pid, 'SIGKILL');
      ended++;
    } catch {
      // Another user's, or ended by itself.
    }
  }
  return ended;
};

const processIds = (): number[] => {
  try {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(Number)
      .filter(pid => pid !== process.pid);
  } catch {
    return [];
  }
};
