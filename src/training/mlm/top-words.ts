/** What a teacher says of one hidden or visible word: its largest logits, and one number for all others. */
export interface TopWords {
  /** Best first; of equal logits the smaller id. */
  readonly words: Uint32Array;
  readonly logits: Float32Array;
  /** The logit that each of the other words has where all of them are equal and have the probability that they have together. */
  readonly rest: number;
}

/** Chooses the `count` largest of a row of logits; `rest` holds for softmax(logits / temperature). */
export const topWords = (row: Float32Array, count: number, temperature: number): TopWords => {
  const words = largest(row, count);
  const logits = Float32Array.from(words, word => row[word]!);
  if (count >= row.length) return {words, logits, rest: 0};
  // By the largest logit, which is the first, so that no exponential overflows.
  const top = logits[0]!;
  const mass = (values: Float32Array): number =>
    values.reduce((sum, value) => sum + Math.exp((value - top) / temperature), 0);
  const others = Math.max(0, mass(row) - mass(logits)) / (row.length - count);
  return {words, logits, rest: top + temperature * Math.log(Math.max(others, Number.MIN_VALUE))};
};

/** Ids of the largest values: those above the value that `count` of them reach, and the first of those equal to it. */
const largest = (row: Float32Array, count: number): Uint32Array => {
  const least = row.slice().sort()[Math.max(0, row.length - count)]!;
  const chosen: number[] = [];
  const equal: number[] = [];
  for (let word = 0; word < row.length; word++) {
    if (row[word]! > least) chosen.push(word);
    else if (row[word] === least) equal.push(word);
  }
  chosen.push(...equal.slice(0, count - chosen.length));
  return Uint32Array.from(chosen.sort((a, b) => row[b]! - row[a]! || a - b));
};

/** Writes the whole row that `topWords` was cut from into `target`: all other words have the logit `rest`. */
export const wholeRow = (target: Float32Array, {words, logits, rest}: TopWords): void => {
  target.fill(rest);
  for (const [at, word] of words.entries()) target[word] = logits[at]!;
};
