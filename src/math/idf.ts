/**
 * Smoothed inverse document frequency, ln((1 + N) / (1 + df)) + 1, as scikit-learn's TfidfTransformer(smooth_idf=True):
 * as if one more document held every word once. An unknown word has df = 0.
 */
export const smoothedIdf = (documents: number, documentFrequency: number): number => {
  if (!(documentFrequency >= 0 && documentFrequency <= documents)) {
    throw new RangeError(
      `A word occurs in 0 to ${documents} of ${documents} documents, found a document frequency of ${documentFrequency}.`,
    );
  }
  return Math.log((1 + documents) / (1 + documentFrequency)) + 1;
};

/** In how many documents each word occurs; a word twice in one document counts once. */
export const documentFrequencies = (
  documents: Iterable<readonly string[]>,
): {readonly documents: number; readonly frequencies: Map<string, number>} => {
  const frequencies = new Map<string, number>();
  let count = 0;
  for (const words of documents) {
    count++;
    for (const word of new Set(words)) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  }
  return {documents: count, frequencies};
};

/**
 * Weights of a sentence's pieces (tokens or characters) for IDF-weighted pooling, as LTD-BERT has them: piece p of word w
 * gets IDF(w) / pieces(w) + smoothing, divided by the sentence's sum. `idfOfWord` and `piecesOfWord` have one number for
 * each word of the sentence, in order; the answer one for each piece (a word of 0 pieces has none), and sums to 1.
 */
export const tokenWeights = (
  idfOfWord: ArrayLike<number>,
  piecesOfWord: ArrayLike<number>,
  smoothing: number,
): Float64Array => {
  if (idfOfWord.length !== piecesOfWord.length) {
    throw new RangeError(
      `Expected one IDF for each word, found ${idfOfWord.length} for ${piecesOfWord.length} words with pieces.`,
    );
  }
  const raw: number[] = [];
  for (let word = 0; word < idfOfWord.length; word++) {
    const pieces = piecesOfWord[word]!;
    const weight = idfOfWord[word]! / pieces + smoothing;
    for (let piece = 0; piece < pieces; piece++) raw.push(weight);
  }
  const sum = raw.reduce((total, weight) => total + weight, 0);
  // Only with smoothing 0 and an IDF of 0 everywhere: no piece matters more than another.
  return Float64Array.from(raw, weight => (sum > 0 ? weight / sum : 1 / raw.length));
};
