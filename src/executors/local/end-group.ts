import {readdirSync, readFileSync} from 'node:fs';

const graceMs = 5000;

/** SIGTERM to a process group, SIGKILL after a grace time; resolves when none of it runs any more. */
export const endGroup = async (groupId: number): Promise<void> => {
  if (!send(groupId, 'SIGTERM')) return;
  const deadline = Date.now() + graceMs;
  let wasKilled = false;
  for (let waitMs = 2; isRunning(groupId); waitMs = Math.min(waitMs * 2, 100)) {
    if (!wasKilled && Date.now() > deadline) {
      wasKilled = true;
      send(groupId, 'SIGKILL');
    }
    // What even SIGKILL does not end waits for a device; that must not hold the run up for ever.
    if (Date.now() > deadline + graceMs) return;
    await new Promise(resolve => setTimeout(resolve, waitMs));
  }
};

/** SIGKILL to a process group, at once. */
export const killGroup = (groupId: number): void => {
  send(groupId, 'SIGKILL');
};

/** False when there is no such group. */
const send = (groupId: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-groupId, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Where nobody reaps orphans (a container without an init), dead members keep their group in being: zombies do not
 * count as running.
 */
const isRunning = (groupId: number): boolean => {
  if (!send(groupId, 0)) return false;
  const members = groupMembers(groupId);
  return members === null || members.some(({state}) => state !== 'Z' && state !== 'X');
};

export interface GroupMember {
  readonly pid: number;
  readonly state: string;
  /** User and system time so far, in clock ticks. */
  readonly cpuTicks: number;
  readonly residentPages: number;
}

/** All processes of a group, from /proc; null where there is no /proc. */
export const groupMembers = (groupId: number): GroupMember[] | null => {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return null;
  }
  const members: GroupMember[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from field 3 of proc(5) on
      if (Number(fields[2]) !== groupId) continue;
      const cpuTicks = Number(fields[11]) + Number(fields[12]);
      members.push({pid: Number(name), state: fields[0] ?? '', cpuTicks, residentPages: Number(fields[21])});
    } catch {
      // It ended between the listing and the look.
    }
  }
  return members;
};
