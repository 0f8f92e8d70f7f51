import type {Batch} from '../../engine/types.ts';
import type {Masked} from './masking.ts';

export interface WordBatchShape {
  readonly rows: number;
  readonly tokens: number;
  /** Which tokens' words are predicted: hidden ones, or all that are no padding. */
  readonly scored: 'masked' | 'tokens';
  /** Share of tokens that are hidden. */
  readonly share: number;
  /** Whether the share is of each text, not of the batch: rounded up for each. */
  readonly perText?: boolean;
}

/**
 * A batch of texts with hidden words: `ids`, `mask` [row, token]; `positions` [place] are rows · tokens + token of the
 * words that are predicted, `labels` [place] the words, `isMasked` and `isScored` [place] 1 for hidden words and for places
 * that are not padding. The number of places follows from the shape, so that one compiled step serves all its batches.
 */
export const wordBatch = (texts: readonly Int32Array[], masked: Masked, shape: WordBatchShape): Batch => {
  const {rows, tokens, scored, share, perText = false} = shape;
  const ids = new Int32Array(rows * tokens);
  const mask = new Float32Array(rows * tokens);
  masked.ids.forEach((own, row) => {
    ids.set(own, row * tokens);
    mask.fill(1, row * tokens, row * tokens + own.length);
  });
  const hidden = new Set(masked.places.map(({text, token}) => text * tokens + token));
  const places = scored === 'masked' ? [...hidden] : Array.from(mask.keys()).filter(at => mask[at] === 1);
  const hiddenAtMost = perText ? rows * Math.ceil(share * tokens) : Math.ceil(share * rows * tokens);
  const size = scored === 'masked' ? hiddenAtMost : rows * tokens;
  const [positions, labels] = [new Int32Array(size), new Int32Array(size)];
  const [isMasked, isScored] = [new Float32Array(size), new Float32Array(size)];
  for (const [place, at] of places.entries()) {
    positions[place] = at;
    labels[place] = texts[Math.floor(at / tokens)]![at % tokens]!;
    isScored[place] = 1;
    if (hidden.has(at)) isMasked[place] = 1;
  }
  return {
    ids: {dtype: 'int32', shape: [rows, tokens], data: ids},
    mask: {dtype: 'float32', shape: [rows, tokens], data: mask},
    positions: {dtype: 'int32', shape: [size], data: positions},
    labels: {dtype: 'int32', shape: [size], data: labels},
    isMasked: {dtype: 'float32', shape: [size], data: isMasked},
    isScored: {dtype: 'float32', shape: [size], data: isScored},
  };
};
