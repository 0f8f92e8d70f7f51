import type {Random} from '../../math/random.ts';

/** Of masked positions: replaced by [MASK], left as they are, replaced by a random piece (BERT; sum 1). */
const shares = {mask: 0.8, keep: 0.1};

export interface MaskingOptions {
  /** Share of a batch's tokens, special ones counted, whose words are to be predicted: .15. */
  readonly share: number;
  /** How likely a piece is chosen, up to a factor; 0: never. By id. */
  readonly probabilities: Float64Array;
  readonly maskId: number;
}

/**
 * How likely each piece is masked: max(count, 1)^−smoothing, so that rare words are learnt too; special pieces never.
 * DistilBERT (from XLM): smoothing .7, counts over the training texts.
 */
export const maskingProbabilities = (
  texts: readonly Int32Array[],
  {vocabulary, special, smoothing}: {readonly vocabulary: number; readonly special: readonly number[]; readonly smoothing: number}, // prettier-ignore
): Float64Array => {
  const counts = new Float64Array(vocabulary);
  for (const ids of texts) for (const id of ids) counts[id]!++;
  return chancesOf(counts, {special, smoothing});
};

/** The same from the counts of all pieces. */
export const chancesOf = (
  counts: Float64Array,
  {special, smoothing}: {readonly special: readonly number[]; readonly smoothing: number},
): Float64Array => {
  const probabilities = counts.map(count => Math.max(count, 1) ** -smoothing);
  for (const id of special) probabilities[id] = 0;
  return probabilities;
};

/** A batch with some of its words hidden. */
export interface Masked {
  /** Of each text, what the model reads. */
  readonly ids: readonly Int32Array[];
  /** Text and token of each hidden word, in the order of the batch. */
  readonly places: readonly {readonly text: number; readonly token: number}[];
}

/**
 * Hides ⌈share · tokens⌉ words of a batch, drawn without replacement over all of it: of weights w the ones with the
 * smallest −ln(u) / w, which is drawing one by one (Efraimidis and Spirakis 2006). Fewer where fewer may be hidden.
 */
export const maskWords = (texts: readonly Int32Array[], options: MaskingOptions, random: Random): Masked => {
  const {share, probabilities, maskId} = options;
  const total = texts.reduce((sum, ids) => sum + ids.length, 0);
  const keys: {readonly key: number; readonly text: number; readonly token: number}[] = [];
  for (const [text, ids] of texts.entries()) {
    for (const [token, id] of ids.entries()) {
      const weight = probabilities[id]!;
      // One number for each token, whether it may be hidden or not: a changed weight moves no other draw.
      const key = -Math.log(1 - random.uniform()) / weight;
      if (weight > 0) keys.push({key, text, token});
    }
  }
  keys.sort((a, b) => a.key - b.key);
  const places = keys.slice(0, Math.ceil(share * total)).sort((a, b) => a.text - b.text || a.token - b.token);
  const ids = texts.map(own => Int32Array.from(own));
  for (const {text, token} of places) {
    const kind = random.uniform();
    const other = random.integer(probabilities.length);
    if (kind < shares.mask) ids[text]![token] = maskId;
    else if (kind >= shares.mask + shares.keep) ids[text]![token] = other;
  }
  return {ids, places: places.map(({text, token}) => ({text, token}))};
};
