/** IEEE 754 binary16 and bfloat16, for which JavaScript (of Node 20) has no arrays. */

let floatOfHalf: Float32Array | undefined;

// A table of all 65,536 values is faster than any arithmetic.
const halfTable = (): Float32Array => {
  if (floatOfHalf) return floatOfHalf;
  const table = new Float32Array(65_536);
  for (let bits = 0; bits < table.length; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) table[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    // Subnormal numbers have no leading 1 and the exponent of the smallest normal ones.
    else
      table[bits] = sign * (exponent === 0 ? fraction / 1024 : 1 + fraction / 1024) * 2 ** (Math.max(1, exponent) - 15);
  }
  return (floatOfHalf = table);
};

/** binary16 → binary32, exactly. */
export const halvesToFloats = (halves: Uint16Array): Float32Array => {
  const floats = new Float32Array(halves.length);
  halvesInto(halves, floats);
  return floats;
};

/** binary16 → binary32 into the front of `target`. */
export const halvesInto = (halves: Uint16Array, target: Float32Array): void => {
  const table = halfTable();
  for (let at = 0; at < halves.length; at++) target[at] = table[halves[at]!]!;
};

/** bfloat16 is the upper half of a binary32. */
export const bfloatsToFloats = (values: Uint16Array): Float32Array => {
  const bits = new Uint32Array(values.length);
  for (let at = 0; at < bits.length; at++) bits[at] = values[at]! << 16;
  return new Float32Array(bits.buffer);
};

/** binary32 → binary16, to the nearest, ties to even, as NumPy's astype(float16): beyond 65,504 infinite. */
export const floatsToHalves = (floats: Float32Array): Uint16Array => {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let at = 0; at < bits.length; at++) {
    const sign = (bits[at]! >>> 16) & 0x8000;
    const magnitude = bits[at]! & 0x7fff_ffff;
    halves[at] = sign | halfMagnitude(magnitude);
  }
  return halves;
};

const halfMagnitude = (magnitude: number): number => {
  if (magnitude > 0x7f80_0000) return 0x7e00; // not a number
  if (magnitude >= 0x4780_0000) return 0x7c00; // 65,536 and more
  // A normal number loses 13 bits of its fraction, a subnormal one more: its fraction, with its leading 1, moves right.
  const isNormal = magnitude >= 0x3880_0000; // 2^-14
  const shift = isNormal ? 13 : 126 - (magnitude >>> 23);
  if (shift > 24) return 0;
  const value = isNormal ? magnitude - 0x3800_0000 : (magnitude & 0x7f_ffff) | 0x80_0000;
  const kept = value >>> shift;
  const lost = value & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  // Rounding up may carry into the exponent, which is the next larger number all the same.
  return lost > middle || (lost === middle && kept & 1) ? kept + 1 : kept;
};
