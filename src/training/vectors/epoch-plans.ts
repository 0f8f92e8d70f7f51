import type {Random} from '../../math/random.ts';
import {planBatches} from '../../models/sentence-batch.ts';
import type {BatchPlan} from '../../models/sentence-batch.ts';

export interface EpochPlansOptions {
  /** Tokens of each member of an epoch. */
  readonly lengths: readonly number[];
  /** Of a batch. */
  readonly rows: number;
  /** Of this epoch. */
  readonly random: Random;
  /** Members that come in batches of their own: those with something to be fitted that others lack. */
  readonly apart?: ((member: number) => boolean) | undefined;
  /** The group of each member: members of one group come together, as far as their lengths allow. */
  readonly groups?: ArrayLike<number> | undefined;
}

/** The batches of one epoch in the order of the epoch; their number is the same in each. */
export const epochPlans = ({lengths, rows, random, apart, groups}: EpochPlansOptions): BatchPlan[] => {
  const plan = (members: readonly number[] | null): BatchPlan[] => {
    const own = members ? members.map(at => lengths[at]!) : lengths;
    const of = (at: number): number => (members ? members[at]! : at);
    const plans = planBatches(own, {rows, random: groups ? grouped(random, at => groups[of(at)]!) : random});
    return members ? plans.map(batch => ({...batch, members: batch.members.map(of)})) : plans;
  };
  if (!apart) return plan(null);
  const all = [...lengths.keys()];
  const plans = [...plan(all.filter(at => !apart(at))), ...plan(all.filter(apart))];
  random.shuffle(plans);
  return plans;
};

/** Shuffles as `random` does, and brings members of one group together; which group is next to which changes each time. */
const grouped = (random: Random, groupOf: (at: number) => number) => ({
  shuffle: (array: number[] | BatchPlan[]): unknown => {
    random.shuffle(array);
    if (typeof array[0] !== 'number') return array;
    const members = array as number[];
    const places = new Map<number, number>();
    for (const at of members) if (!places.has(groupOf(at))) places.set(groupOf(at), places.size);
    return members.sort((a, b) => places.get(groupOf(a))! - places.get(groupOf(b))!);
  },
});
