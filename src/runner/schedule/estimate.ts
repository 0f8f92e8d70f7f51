import type {Instance} from '../graph.ts';
import type {Capacity} from './resource-pool.ts';

export interface Estimate {
  /** Of all that would run, one after the other. */
  readonly totalSeconds: number;
  /** From start to end, so many at once as have room. */
  readonly wallSeconds: number;
  /** Seconds of each: its own of last time, or the mean of its stage's other instances; without those that have neither. */
  readonly secondsOf: ReadonlyMap<string, number>;
}

export interface EstimateRequest {
  /** What would run, in topological order. */
  readonly instances: readonly Instance[];
  /** Seconds that an instance took last time. */
  readonly lastSeconds: (id: string) => number | undefined;
  readonly capacity: Capacity;
  readonly jobs: number;
}

const kinds = ['cpus', 'memoryMb', 'gpus'] as const;

/**
 * Plays the run through as `ResourcePool` would schedule it: first come, first served, a small job may pass a large one.
 * What has never run takes as long as the mean of its stage, or no time where nothing of its stage is known.
 */
export const estimateRun = ({instances, lastSeconds, capacity, jobs}: EstimateRequest): Estimate => {
  const own = new Map(instances.map(({id}) => [id, lastSeconds(id)]));
  const means = meansOfStages(instances, own);
  const secondsOf = new Map<string, number>();
  for (const {id, stage} of instances) {
    const expected = own.get(id) ?? means.get(stage);
    if (expected !== undefined) secondsOf.set(id, expected);
  }
  const waitsFor = new Map(instances.map(({id, needs}) => [id, new Set(needs.filter(need => own.has(need)))]));
  const readers = new Map<string, Instance[]>();
  for (const instance of instances) {
    for (const need of waitsFor.get(instance.id)!) readers.set(need, [...(readers.get(need) ?? []), instance]);
  }
  const ready = instances.filter(({id}) => waitsFor.get(id)!.size === 0);
  const running: {instance: Instance; end: number}[] = [];
  let now = 0;
  const hasRoom = ({resources}: Instance): boolean =>
    running.length === 0 ||
    kinds.every(kind => {
      const used = running.reduce((sum, {instance}) => sum + instance.resources[kind], 0);
      return resources[kind] === 0 || used + resources[kind] <= capacity[kind];
    });
  while (ready.length > 0 || running.length > 0) {
    for (let at = 0; at < ready.length && running.length < jobs;) {
      const instance = ready[at]!;
      if (!hasRoom(instance)) at++;
      else {
        ready.splice(at, 1);
        running.push({instance, end: now + (secondsOf.get(instance.id) ?? 0)});
      }
    }
    running.sort((a, b) => a.end - b.end);
    const {instance, end} = running.shift()!;
    now = end;
    for (const reader of readers.get(instance.id) ?? []) {
      const waiting = waitsFor.get(reader.id)!;
      waiting.delete(instance.id);
      if (waiting.size === 0) ready.push(reader);
    }
  }
  return {totalSeconds: [...secondsOf.values()].reduce((sum, value) => sum + value, 0), wallSeconds: now, secondsOf};
};

const meansOfStages = (
  instances: readonly Instance[],
  seconds: ReadonlyMap<string, number | undefined>,
): Map<string, number> => {
  const sums = new Map<string, {sum: number; count: number}>();
  for (const {id, stage} of instances) {
    const value = seconds.get(id);
    if (value === undefined) continue;
    const {sum, count} = sums.get(stage) ?? {sum: 0, count: 0};
    sums.set(stage, {sum: sum + value, count: count + 1});
  }
  return new Map([...sums].map(([stage, {sum, count}]) => [stage, sum / count]));
};
