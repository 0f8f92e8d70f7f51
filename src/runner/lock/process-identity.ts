import {readFileSync} from 'node:fs';

/** A process for certain: pids are given out again, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Boot and clock tick of its start; '' where the system does not tell, and the pid alone must do. */
  readonly start: string;
}

let boot: string | undefined;

const startOf = (pid: number): string => {
  try {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces and brackets; the start time is the 20th field after it.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return '';
  }
};

let mine: ProcessIdentity | undefined;

export const thisProcess = (): ProcessIdentity => (mine ??= {pid: process.pid, start: startOf(process.pid)});

export const isAlive = ({pid, start}: ProcessIdentity): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return start === '' || startOf(pid) === start;
};

/** True for a process of another machine or an earlier boot, about which this one cannot know. */
export const isForeign = ({start}: ProcessIdentity): boolean => {
  const here = thisProcess().start;
  return start !== '' && here !== '' && start.split(' ')[0] !== here.split(' ')[0];
};
