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
