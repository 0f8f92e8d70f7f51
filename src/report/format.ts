/** A minus sign that is as wide as the plus sign, and never "−0.0". */
const withMinus = (text: string): string => (/^-0(\.0+)?$/.test(text) ? text.slice(1) : text.replace('-', '−'));

export const fixed = (value: number, digits: number): string => withMinus(value.toFixed(digits));

export const signed = (value: number, digits: number): string => {
  const text = fixed(value, digits);
  return text.startsWith('−') || Number(text) === 0 ? text : `+${text}`;
};

/** A score in [0, 1] as points, as papers print it: 0.7204 → 72.0. */
export const points = (value: number, digits = 1): string => fixed(100 * value, digits);
export const signedPoints = (value: number, digits = 1): string => signed(100 * value, digits);

/** Three decimals where they say something, the power of ten where they don't; never "0.000". */
export const probability = (p: number): string => {
  if (p >= 0.0995) return p.toFixed(2);
  if (p >= 0.00095) return p.toFixed(3);
  return p === 0 ? '0' : p.toExponential(0).replace('e-', 'e−');
};

/** 12345.6 → 12,346 */
export const thousands = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');

/** Decimal units, as published sizes use them. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
export const millions = (count: number): string => `${(count / 1e6).toFixed(2)} M`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
