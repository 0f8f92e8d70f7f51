import type {Random} from '../../math/random.ts';

/** `count` of the items at random (all where there are fewer), in random order. */
export const sample = <T>(items: readonly T[], count: number, random: Random): T[] =>
  random.shuffle([...items]).slice(0, count);

/** Items by key, keys in order of first appearance. */
export const groupBy = <T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

/** As many of each group as the rarest allows, and no more than `count` in all; in random order. */
export const balanced = <T>(groups: ReadonlyMap<string, readonly T[]>, count: number, random: Random): T[] => {
  const sizes = [...groups.values()].map(group => group.length);
  const each = Math.min(Math.floor(count / groups.size), ...sizes);
  return random.shuffle([...groups.values()].flatMap(group => sample(group, each, random)));
};
