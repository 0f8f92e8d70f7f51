import type {JobUsage} from '../../contract/executor.ts';
import {groupMembers} from './group-members.ts';
import type {JobGroup} from './started-job.ts';

type Measured = Pick<JobUsage, 'peakMemoryMb' | 'cpuSeconds'>;

/** Soon at first, since most jobs are short, then ever more rarely. */
const firstMs = 10;
const laterMs = 1000;
/** Linux on every processor that Node supports. */
const ticksPerSecond = 100;
const pageMb = 4096 / 2 ** 20;

export interface UsageWatch {
  readonly watch: (groupOf: () => JobGroup | undefined) => void;
  /** What the job, or whoever waited for it, knows exactly. */
  readonly told: (usage: Measured) => void;
  readonly stop: () => Measured;
}

/**
 * Looks at the job's processes from time to time. A worker measures itself exactly and tells at its end, a shell counts
 * the CPU time of what it has started; what was told counts where it is more, since a look may miss the peak.
 */
export const watchUsage = (): UsageWatch => {
  let peakMemoryMb = 0;
  let told: Measured = {};
  const ticksOf = new Map<number, number>();
  let groupOf: () => JobGroup | undefined = () => undefined;
  let timer: NodeJS.Timeout;
  const look = (waitedMs: number): void => {
    const group = groupOf();
    const members = group === undefined ? null : groupMembers(group);
    const pages = (members ?? []).reduce((sum, {residentPages}) => sum + residentPages, 0);
    peakMemoryMb = Math.max(peakMemoryMb, pages * pageMb);
    for (const {pid, cpuTicks} of members ?? []) ticksOf.set(pid, cpuTicks);
    lookAfter(Math.min(laterMs, waitedMs * 3));
  };
  // A job that could not even be started must not keep this process running.
  const lookAfter = (ms: number): void => void (timer = setTimeout(look, ms, ms).unref());
  lookAfter(firstMs);
  return {
    watch(group) {
      groupOf = group;
    },
    told(usage) {
      told = {...told, ...usage};
    },
    stop() {
      clearTimeout(timer);
      const ticks = [...ticksOf.values()].reduce((sum, each) => sum + each, 0);
      const memory = Math.max(peakMemoryMb, told.peakMemoryMb ?? 0);
      const cpu = Math.max(ticks / ticksPerSecond, told.cpuSeconds ?? 0);
      return {
        ...(memory > 0 ? {peakMemoryMb: Math.round(memory * 10) / 10} : {}),
        ...(cpu > 0 || told.cpuSeconds !== undefined ? {cpuSeconds: Math.round(cpu * 100) / 100} : {}),
      };
    },
  };
};
