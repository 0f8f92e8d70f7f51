import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {usePackageFolder} from './use-package.ts';

/**
 * The SentencePiece tokeniser of USE-lite, with the same ids as the published JavaScript one (`Tokenizer` of
 * @energetic-ai/embeddings 0.2), whose peculiarities the model was never run without:
 * - NFKC, then "▁" before the text and for every U+0020; a tab or a line break is an unknown piece. Case counts.
 * - The best segmentation is the one with the highest sum of scores; a tie goes to the later start of the last piece.
 *   A character without a piece costs nothing (score 0, not a penalty), and a best score of exactly 0 counts as "none
 *   yet", so that anything replaces it.
 * - The first six ids are reserved: text never maps to them, but for unknown characters, all of which are id 0.
 *   Unknown pieces side by side become one: a Chinese sentence is "▁" and one unknown piece.
 */
export interface UseTokenizer {
  /** Number of pieces: ids are below it. */
  readonly size: number;
  /** Piece ids, at most 128 (the model's limit; it does not clip by itself). An empty text has none. */
  readonly encode: (text: string) => Int32Array;
  /** The same, and where each piece lies in `normalized` (UTF-16 code units, end exclusive). */
  readonly encodeWithOffsets: (text: string) => UsePieces;
}

export interface UsePieces {
  readonly ids: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The text that the offsets are about: NFKC, "▁" for spaces and in front. */
  readonly normalized: string;
}

/** Pieces that the model takes of a text; the position signal is defined for more, but it was trained on these. */
export const maxPieces = 128;

const reserved = 6;
const space = '\u2581';

interface Trie {
  /** The child of a node by a UTF-16 code unit, or -1. */
  readonly child: (node: number, unit: number) => number;
  /** Piece id that ends at a node, or -1. */
  readonly idAt: Int32Array;
}

/**
 * All pieces lie in the Basic Multilingual Plane, so a trie over code units finds what one over characters does; the
 * two halves of any other character are two unknown units, which are merged anyway.
 */
const buildTrie = (pieces: readonly string[]): Trie => {
  const columnOf = new Uint16Array(65_536);
  let columns = 1;
  for (const piece of pieces.slice(reserved)) {
    for (let at = 0; at < piece.length; at++) {
      const unit = piece.charCodeAt(at);
      if (columnOf[unit] === 0) columnOf[unit] = columns++;
    }
  }
  const units = pieces.reduce((sum, piece) => sum + piece.length, 1);
  // An open hash table of edges: key node × columns + column (never 0, as column 0 is "in no piece").
  const size = 2 ** Math.ceil(Math.log2(units * 3));
  const keys = new Int32Array(size);
  const values = new Int32Array(size);
  const shift = 32 - Math.log2(size);
  // Where the key is, or the free slot where it would go.
  const slotOf = (key: number): number => {
    let slot = Math.imul(key, 0x9e37_79b1) >>> shift;
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (size - 1);
    return slot;
  };
  const idAt = new Int32Array(units).fill(-1);
  let nodes = 1;
  // Of two equal pieces the later id wins.
  for (let id = reserved; id < pieces.length; id++) {
    const piece = pieces[id] ?? '';
    let node = 0;
    for (let at = 0; at < piece.length; at++) {
      const key = node * columns + (columnOf[piece.charCodeAt(at)] ?? 0);
      const slot = slotOf(key);
      if (keys[slot] === 0) {
        keys[slot] = key;
        values[slot] = nodes++;
      }
      node = values[slot] ?? 0;
    }
    idAt[node] = id;
  }
  const child = (node: number, unit: number): number => {
    const column = columnOf[unit] ?? 0;
    if (column === 0) return -1;
    const slot = slotOf(node * columns + column);
    return keys[slot] === 0 ? -1 : (values[slot] ?? -1);
  };
  return {child, idAt};
};

/** `vocabulary` is the published vocab.json: `[piece, score]` for each id, the reserved ones first. */
export const createUseTokenizer = (vocabulary: readonly (readonly [string, number])[]): UseTokenizer => {
  const trie = buildTrie(vocabulary.map(([piece]) => piece));
  const scores = Float64Array.from(vocabulary, ([, score]) => score);

  const encodeWithOffsets = (text: string): UsePieces => {
    const plain = text.normalize('NFKC');
    const normalized = plain === '' ? '' : space + plain.replaceAll(' ', space);
    const length = normalized.length;
    const best = new Float64Array(length + 1);
    const pieceAt = new Int32Array(length + 1);
    const startOf = new Int32Array(length + 1);
    const offer = (start: number, end: number, id: number, score: number): void => {
      const sum = (best[start] ?? 0) + score;
      const current = best[end] ?? 0;
      if (current !== 0 && sum < current) return;
      best[end] = sum;
      pieceAt[end] = id;
      startOf[end] = start;
    };
    for (let start = 0; start < length; start++) {
      let found = false;
      let node = 0;
      for (let at = start; at < length; at++) {
        node = trie.child(node, normalized.charCodeAt(at));
        if (node < 0) break;
        const id = trie.idAt[node] ?? -1;
        if (id < 0) continue;
        found = true;
        offer(start, at + 1, id, scores[id] ?? 0);
      }
      if (!found) offer(start, start + 1, 0, 0);
    }
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (let end = length; end > 0; end = startOf[end] ?? 0) {
      const id = pieceAt[end] ?? 0;
      const start = startOf[end] ?? 0;
      if (id === 0 && ids.at(-1) === 0) starts[starts.length - 1] = start;
      else {
        ids.push(id);
        starts.push(start);
        ends.push(end);
      }
    }
    const forwards = (values: number[]): Int32Array => Int32Array.from(values.reverse()).subarray(0, maxPieces);
    return {ids: forwards(ids), starts: forwards(starts), ends: forwards(ends), normalized};
  };
  return {size: vocabulary.length, encode: text => encodeWithOffsets(text).ids, encodeWithOffsets};
};

/** The tokeniser with the vocabulary that the package of the model has. */
export const openUseTokenizer = (): UseTokenizer =>
  createUseTokenizer(JSON.parse(readFileSync(join(usePackageFolder(), 'vocab.json'), 'utf8')) as [string, number][]);
