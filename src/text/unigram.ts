import type {WordPieces} from './word-pieces.ts';

/** What an unknown character costs beyond the least likely piece. */
const unknownPenalty = 10;

/**
 * SentencePiece's Unigram model (Kudo 2018, https://arxiv.org/abs/1804.10959): the segmentation of the highest sum of log
 * probabilities. Sums grow from the left and are compared where pieces end, the earlier start winning a tie, as in the
 * Rust library: repeated characters have many segmentations whose sums differ by a rounding error only, and
 * @huggingface/tokenizers compares them one piece later.
 */
export const createUnigram = (
  vocabulary: readonly (readonly [string, number])[],
  unknown: number,
): ((word: string) => WordPieces) => {
  const {child, idAt} = buildTrie(vocabulary);
  const scores = Float64Array.from(vocabulary, ([, score]) => asSerdeReads(score));
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), 0) - unknownPenalty;

  return word => {
    const best = new Float64Array(word.length + 1);
    const startOf = new Int32Array(word.length + 1).fill(-1);
    const pieceAt = new Int32Array(word.length + 1);
    const offer = (start: number, end: number, id: number, score: number): void => {
      const sum = score + best[start]!;
      if (startOf[end]! >= 0 && sum <= best[end]!) return;
      best[end] = sum;
      startOf[end] = start;
      pieceAt[end] = id;
    };
    for (let start = 0; start < word.length;) {
      const next = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
      let isKnown = false;
      let node = 0;
      for (let at = start; at < word.length; at++) {
        node = child(node, word.charCodeAt(at));
        if (node < 0) break;
        const id = idAt[node]!;
        if (id < 0) continue;
        offer(start, at + 1, id, scores[id]!);
        if (at + 1 === next) isKnown = true;
      }
      if (!isKnown) offer(start, next, unknown, unknownScore);
      start = next;
    }
    const ids: number[] = [];
    const lengths: number[] = [];
    for (let end = word.length; end > 0; end = startOf[end]!) {
      // Unknown characters side by side are one unknown piece.
      if (pieceAt[end] === unknown && ids.at(-1) === unknown) lengths[lengths.length - 1]! += end - startOf[end]!;
      else {
        ids.push(pieceAt[end]!);
        lengths.push(end - startOf[end]!);
      }
    }
    return {ids: ids.reverse(), lengths: lengths.reverse()};
  };
};

/**
 * The number that the Rust library reads for a score: serde_json divides the digits by a power of ten, which rounds twice
 * and may be one unit in the last place off. Such units decide between equal segmentations.
 */
const asSerdeReads = (score: number): number => {
  const decimal = /^(-?)(\d+)\.(\d+)$/.exec(String(score));
  if (!decimal) return score;
  const [, sign, whole, fraction] = decimal as unknown as [string, string, string, string];
  const magnitude = Number(BigInt(whole + fraction)) / 10 ** fraction.length;
  return sign === '-' ? -magnitude : magnitude;
};

interface Trie {
  /** The child of a node by a UTF-16 unit, or -1. */
  readonly child: (node: number, unit: number) => number;
  /** The piece that ends at a node, or -1. */
  readonly idAt: Int32Array;
}

const buildTrie = (vocabulary: readonly (readonly [string, number])[]): Trie => {
  // One map for all edges: node · 65,536 + unit → node.
  const edges = new Map<number, number>();
  const ends: number[] = [-1];
  for (const [id, [piece]] of vocabulary.entries()) {
    let node = 0;
    for (let at = 0; at < piece.length; at++) {
      const edge = node * 65_536 + piece.charCodeAt(at);
      let next = edges.get(edge);
      if (next === undefined) {
        next = ends.push(-1) - 1;
        edges.set(edge, next);
      }
      node = next;
    }
    if (node > 0) ends[node] = id;
  }
  return {child: (node, unit) => edges.get(node * 65_536 + unit) ?? -1, idAt: Int32Array.from(ends)};
};
