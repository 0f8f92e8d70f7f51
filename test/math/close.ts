import {readFileSync} from 'node:fs';
import {expect} from 'vitest';

/** Relative error at most `tolerance`; the same zero, infinity or NaN otherwise. */
export const expectClose = (actual: number, expected: number, tolerance = 1e-9, what = ''): void => {
  const isClose = Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance * Math.abs(expected);
  expect(isClose || (actual === 0 && expected === 0), `${what} expected ${expected}, found ${actual}`).toBe(true);
};

/** A file of test/expected; its `origin` says how it was made. */
export const readExpected = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../expected/${name}`, import.meta.url), 'utf8'));
