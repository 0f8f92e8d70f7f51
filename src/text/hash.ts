/**
 * Two 32-bit hashes of a text's UTF-16 units, written to `out[0]` and `out[1]`: 64 bits without an allocation. Each
 * half is MurmurHash3's 32-bit mixing (https://github.com/aappleby/smhasher, public domain) of whole code units, with its
 * own seed. Not for adversaries: somebody who wants a collision can make one.
 */
export const hash64 = (text: string, out: Uint32Array): void => {
  let low = 0x9747b28c;
  let high = 0x5bd1e995;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = mix(low, Math.imul(unit, 0xcc9e2d51));
    high = mix(high, Math.imul(unit, 0x2127599b));
  }
  out[0] = finish(low ^ text.length);
  out[1] = finish(high ^ text.length);
};

const mix = (state: number, block: number): number => {
  const mixed = state ^ Math.imul((block << 15) | (block >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
};

const finish = (state: number): number => {
  let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

const buffer = new Uint32Array(2);

/** The first half of `hash64`. */
export const hash32 = (text: string): number => {
  hash64(text, buffer);
  return buffer[0]!;
};

/** A number in [0, 1) that depends on the text alone: `fraction(text) < 0.15` is a split that never moves a text. */
export const hashFraction = (text: string): number => {
  hash64(text, buffer);
  return buffer[1]! / 2 ** 32;
};
