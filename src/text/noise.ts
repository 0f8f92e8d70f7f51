import type {Random} from '../math/random.ts';

/** How a text is disturbed: letters mistyped, words left out, words replaced by others of the same meaning. */
export type NoiseKind = 'typos' | 'drop' | 'synonyms';

export interface NoiseOptions {
  readonly kind: NoiseKind;
  /** Share of words that are touched. */
  readonly rate: number;
  /** Other words for a word, in lower case; for `synonyms`. */
  readonly synonymsOf: (word: string) => readonly string[];
}

/** Words, and what stands between them: joined they are the text. */
const partsOf = (text: string): string[] => text.split(/(\p{L}[\p{L}\p{M}'’]*)/u);

const neighbours: Readonly<Record<string, string>> = {
  ...{q: 'wa', w: 'qes', e: 'wrd', r: 'etf', t: 'ryg', y: 'tuh', u: 'yij', i: 'uok', o: 'ipl', p: 'ol', a: 'qsz'},
  ...{s: 'adwx', d: 'sfec', f: 'dgrv', g: 'fhtb', h: 'gjyn', j: 'hkum', k: 'jli', l: 'kop', z: 'asx', x: 'zcs'},
  ...{c: 'xvd', v: 'cbf', b: 'vng', n: 'bmh', m: 'njk'},
};

/** One slip of the keys: two letters swapped, one doubled, one left out, or the key beside it. */
const mistyped = (word: string, random: Random): string => {
  const letters = Array.from(word);
  const at = random.integer(letters.length);
  const kind = random.integer(4);
  const letter = letters[at]!;
  if (kind === 0 && at + 1 < letters.length) letters.splice(at, 2, letters[at + 1]!, letter);
  else if (kind === 1 && letters.length > 1) letters.splice(at, 1);
  else if (kind === 2) letters.splice(at, 0, letter);
  else {
    const beside = neighbours[letter.toLowerCase()] ?? 'e';
    letters[at] = beside[random.integer(beside.length)]!;
  }
  return letters.join('');
};

/**
 * Disturbs a share of a text's words. One draw decides on each word whether it is touched, so that a higher rate touches
 * the same words and more. A text never loses its last word, and a word without another of its meaning stays.
 */
export const disturb = (text: string, {kind, rate, synonymsOf}: NoiseOptions, random: Random): string => {
  const parts = partsOf(text);
  const touched = parts.map((_, at) => at % 2 === 1 && random.uniform() < rate);
  const left = parts.filter((_, at) => at % 2 === 1 && !touched[at]).length;
  const changed = parts.map((part, at) => {
    if (!touched[at]) return part;
    if (kind === 'typos') return mistyped(part, random);
    if (kind === 'drop') return left === 0 && at === touched.indexOf(true) ? part : '';
    const others = synonymsOf(part.toLowerCase());
    return others.length === 0 ? part : others[random.integer(others.length)]!;
  });
  const joined = changed.join('');
  return kind === 'drop' ? joined.replace(/ {2,}/g, ' ').trim() : joined;
};
