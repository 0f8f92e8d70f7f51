import {createColors} from 'picocolors';
import type {Colors} from '../reporters/settled-text.ts';

/** Results, for people and for pipes: stdout. */
export const printResult = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Everything else: stderr. */
export const printNote = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Colours for one stream: https://no-color.org, and FORCE_COLOR for those who pipe into `less -R`. */
export const colorsFor = (stream: {isTTY?: boolean}): Colors => createColors(hasColor(stream));

export const hasColor = (stream: {isTTY?: boolean}): boolean => {
  const {NO_COLOR, FORCE_COLOR, TERM} = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
};

/** Whether lines can be redrawn there. */
export const isLiveTerminal = (stream: {isTTY?: boolean}): boolean =>
  stream.isTTY === true && process.env.TERM !== 'dumb';
