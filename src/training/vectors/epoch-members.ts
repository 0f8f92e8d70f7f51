/**
 * The sentences of one epoch, by number: each of the first `count` once, those of the sources in `repeat` as often as it says.
 * Unknown sources are refused: a misspelt name would change nothing and say nothing.
 */
export const epochMembers = (
  count: number,
  sourceOf: (sentence: number) => string,
  repeat: Readonly<Record<string, number>>,
): Uint32Array => {
  const times = new Map(Object.entries(repeat));
  const found = new Set<string>();
  const members: number[] = [];
  for (let sentence = 0; sentence < count; sentence++) {
    const source = sourceOf(sentence);
    found.add(source);
    for (let time = times.get(source) ?? 1; time > 0; time--) members.push(sentence);
  }
  const unknown = [...times.keys()].filter(source => !found.has(source));
  if (unknown.length > 0)
    throw new Error(
      `repeat: no sentence is from ${unknown.join(', ')}; the sources are ${[...found].sort().join(', ')}.`,
    );
  return Uint32Array.from(members);
};
