/** By code unit, so that no machine's locale changes the order of a report. */
export const compareCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** As `compareCodeUnits`, but numbers in the texts by their value: `labels=500` comes before `labels=1000`. */
export const compareNatural = (a: string, b: string): number => {
  const [x, y] = [a.match(parts) ?? [], b.match(parts) ?? []];
  for (let at = 0; at < Math.min(x.length, y.length); at++) {
    const [u, v] = [x[at]!, y[at]!];
    const byValue = isNumber.test(u) && isNumber.test(v) ? Number(u) - Number(v) : 0;
    const order = byValue || compareCodeUnits(u, v);
    if (order !== 0) return order;
  }
  return x.length - y.length;
};
const parts = /\d+|\D+/g;
const isNumber = /^\d/;

/** `items` in groups of equal key, groups in the order of their first item. */
export const groupBy = <T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
};

/** `items` in groups that have no name in common, in the order of first items; all that have no name are one group. */
export const groupsBySharing = <T>(items: readonly T[], namesOf: (item: T) => readonly string[]): T[][] => {
  const groupOf = new Map<string, number>();
  const groups = items.map((_, at) => at);
  for (const [at, item] of items.entries()) {
    const names = namesOf(item);
    for (const name of names.length > 0 ? names : ['']) {
      const known = groupOf.get(name);
      if (known === undefined) groupOf.set(name, at);
      else {
        const [from, to] = [groups[at]!, groups[known]!];
        for (const [i, group] of groups.entries()) if (group === from) groups[i] = to;
      }
    }
  }
  return [...groupBy([...items.keys()], at => String(groups[at]))].map(([, members]) => members.map(at => items[at]!));
};
