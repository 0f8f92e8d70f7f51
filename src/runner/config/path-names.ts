import {createHash} from 'node:crypto';
import type {Axis} from '../../contract/stage.ts';

/** Longest folder name that we make; file systems allow 255 bytes and the runner adds suffixes. */
const maximalLength = 180;

/**
 * A text as part of a file name, the same for no two texts: what is not plain is written as `%` and the hex of its
 * UTF-8 bytes, `%` itself too. `,` and `=` are escaped since they separate axes.
 */
export const escapeSegment = (text: string): string =>
  text.replace(/[^A-Za-z0-9_.+-]|^\.+$/gu, match =>
    Array.from(Buffer.from(match), byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );

/** The value that is meant: as it stands in pipeline.yaml, else as ids and folders have it (`c%2Cd`). */
export const valueNamed = (values: readonly string[], written: string): string | undefined =>
  values.find(known => known === written) ?? values.find(known => escapeSegment(known) === written);

/** `method=ltd,seed=1`: the folder of an instance and the part of its id after `@`; '' outside a matrix. */
export const axisLabel = (axis: Axis): string => {
  const label = Object.entries(axis)
    .map(([name, value]) => `${name}=${escapeSegment(value)}`)
    .join(',');
  if (label.length <= maximalLength) return label;
  // `~` is never left unescaped, so a shortened label cannot be that of another instance.
  return `${label.slice(0, maximalLength - 33)}~${createHash('sha256').update(label).digest('hex').slice(0, 32)}`;
};
