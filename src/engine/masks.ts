/**
 * Fills a dropout mask: 0 with probability `rate`, else 1 / (1 − rate). The numbers depend on the seed, the step and the
 * position of the call alone, so a resumed training needs no stored generator. Generator: sfc32 (Doty-Humphrey, PractRand),
 * written out in place because a call per number would cost more than the rest of a small step; two 16-bit draws a word.
 */
export const fillMask = (out: Float32Array, rate: number, seed: number, step: number, call: number): void => {
  let a = seed | 0;
  let b = step | 0;
  let c = call | 0;
  let counter = 1;
  const threshold = Math.round(rate * 65536);
  const kept = 1 / (1 - rate);
  // The first rounds spread the seed over the state; sfc32's author takes 12.
  for (let at = -24; at < out.length; at += 2) {
    const word = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + word;
    c |= 0;
    if (at < 0) continue;
    out[at] = (word & 0xffff) < threshold ? 0 : kept;
    if (at + 1 < out.length) out[at + 1] = word >>> 16 < threshold ? 0 : kept;
  }
};
