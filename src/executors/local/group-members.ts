import {existsSync, readdirSync, readFileSync} from 'node:fs';
import type {JobGroup} from './started-job.ts';

export interface GroupMember {
  readonly pid: number;
  readonly state: string;
  /** User and system time so far, in clock ticks. */
  readonly cpuTicks: number;
  readonly residentPages: number;
}

/** All processes of a job's group but its keeper, from /proc; null where there is no /proc. */
export const groupMembers = (group: JobGroup): GroupMember[] | null => {
  const pids = youngerPids(group) ?? allPids();
  return pids?.flatMap(pid => groupMember(pid, group) ?? []) ?? null;
};

/** A zombie has ended; where nobody reaps orphans (a container without an init) it stays. */
export const isAlive = ({state}: Pick<GroupMember, 'state'>): boolean => state !== 'Z' && state !== 'X';

/** null for a process that is not in the group, or no longer there. */
const groupMember = (pid: number, {id, keeper}: JobGroup): GroupMember | null => {
  if (pid === keeper) return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from field 3 of proc(5) on
    if (Number(fields[2]) !== id || !isProcess(pid)) return null;
    const cpuTicks = Number(fields[11]) + Number(fields[12]);
    return {pid, state: fields[0] ?? '', cpuTicks, residentPages: Number(fields[21])};
  } catch {
    return null; // It ended between the listing and the look.
  }
};

/** Threads have numbers of the same kind; /proc does not list them, but has a folder for who asks. */
const isProcess = (pid: number): boolean =>
  Number(/^Tgid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) === pid;

/** Above this it is cheaper to list /proc. */
const mostYounger = 200;

/**
 * The processes that were started since the job was, itself included: what it has started is among them. Pids are given
 * out in order and begin again at their maximum; null where their order does not tell, or where it takes too long.
 */
const youngerPids = ({leader}: JobGroup): number[] | null => {
  const last = lastPid();
  if (leader === undefined || last === null || last < leader || last - leader > mostYounger) return null;
  const pids: number[] = [];
  for (let pid = leader; pid <= last; pid++) if (existsSync(`/proc/${pid}`)) pids.push(pid);
  return pids;
};

const allPids = (): number[] | null => {
  try {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return null;
  }
};

/** The pid that was given out last, in this process's own namespace; null where /proc/loadavg does not tell. */
const lastPid = (): number | null => {
  try {
    const pid = Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ')[4]);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
};
