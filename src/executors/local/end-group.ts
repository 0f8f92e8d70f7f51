import {groupMembers, isAlive} from './group-members.ts';
import type {JobGroup} from './started-job.ts';

const graceMs = 5000;

/** SIGTERM to a job's group, SIGKILL after a grace time; resolves when nothing of the job runs any more. */
export const endGroup = async (group: JobGroup): Promise<void> => {
  if (!isRunning(group) || !send(group, 'SIGTERM')) return;
  const deadline = Date.now() + graceMs;
  let wasKilled = false;
  for (let waitMs = 2; isRunning(group); waitMs = Math.min(waitMs * 2, 100)) {
    if (!wasKilled && Date.now() > deadline) {
      wasKilled = true;
      send(group, 'SIGKILL');
    }
    // What even SIGKILL does not end waits for a device; that must not hold the run up for ever.
    if (Date.now() > deadline + graceMs) return;
    await new Promise(resolve => setTimeout(resolve, waitMs));
  }
};

/** SIGKILL to all of a group, its keeper too, at once. */
export const killGroup = (group: JobGroup): void => {
  send(group, 'SIGKILL');
};

/** False when there is no such group. A keeper takes SIGTERM for nothing. */
const send = ({id}: JobGroup, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-id, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Dead members keep their group in being where nobody reaps them, and a keeper does so by living. */
const isRunning = (group: JobGroup): boolean => send(group, 0) && (groupMembers(group)?.some(isAlive) ?? true);
