import type {JobUsage} from '../../contract/executor.ts';
import {groupMembers} from './end-group.ts';

type Measured = Pick<JobUsage, 'peakMemoryMb' | 'cpuSeconds'>;

const everyMs = 1000;
/** Linux on every processor that Node supports. */
const ticksPerSecond = 100;
const pageMb = 4096 / 2 ** 20;

/**
 * Looks at the job's process group once a second. A worker measures itself exactly and tells at its end; what it told
 * counts where it is more, since a look may miss the peak.
 */
export const watchUsage = (): {
  watch: (groupOf: () => number | undefined) => void;
  told: (usage: Measured) => void;
  stop: () => Measured;
} => {
  let peakMemoryMb = 0;
  let told: Measured = {};
  const ticksOf = new Map<number, number>();
  let groupOf: () => number | undefined = () => undefined;
  const look = (): void => {
    const groupId = groupOf();
    const members = groupId === undefined ? null : groupMembers(groupId);
    if (members === null) return;
    const pages = members.reduce((sum, {residentPages}) => sum + residentPages, 0);
    peakMemoryMb = Math.max(peakMemoryMb, pages * pageMb);
    for (const {pid, cpuTicks} of members) ticksOf.set(pid, cpuTicks);
  };
  // A job that could not even be started must not keep this process running.
  const timer = setInterval(look, everyMs).unref();
  return {
    watch(group) {
      groupOf = group;
    },
    told(usage) {
      told = usage;
    },
    stop() {
      clearInterval(timer);
      const ticks = [...ticksOf.values()].reduce((sum, each) => sum + each, 0);
      const memory = Math.max(peakMemoryMb, told.peakMemoryMb ?? 0);
      const cpu = Math.max(ticks / ticksPerSecond, told.cpuSeconds ?? 0);
      return {
        ...(memory > 0 ? {peakMemoryMb: Math.round(memory * 10) / 10} : {}),
        ...(cpu > 0 ? {cpuSeconds: Math.round(cpu * 100) / 100} : {}),
      };
    },
  };
};
