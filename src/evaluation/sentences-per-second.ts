/**
 * Sentences a second, from text to vector, tokenisation counted: the median of `passes` over all texts, after one pass that
 * is not counted (it compiles). Texts are sorted by length first, as anyone who embeds many would.
 */
export const sentencesPerSecond = async (
  encode: (texts: readonly string[]) => Promise<unknown>,
  texts: readonly string[],
  batch: number,
  passes: number,
): Promise<number> => {
  const sorted = texts.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const seconds: number[] = [];
  for (let pass = 0; pass <= passes; pass++) {
    const begin = performance.now();
    for (let start = 0; start < sorted.length; start += batch) await encode(sorted.slice(start, start + batch));
    if (pass > 0) seconds.push((performance.now() - begin) / 1000);
  }
  seconds.sort((a, b) => a - b);
  return texts.length / seconds[Math.floor(seconds.length / 2)]!;
};

/** Whole batches of neighbours in length, evenly spread over all lengths: a few of them pad as little as all of them would. */
export const spreadByLength = (texts: readonly string[], rows: number, batches: number): string[] => {
  const byLength = texts.toSorted((a, b) => a.length - b.length);
  return Array.from({length: batches}, (_, at) => {
    const start = Math.max(0, Math.floor(((at + 0.5) * byLength.length) / batches - rows / 2));
    return byLength.slice(start, start + rows);
  }).flat();
};
