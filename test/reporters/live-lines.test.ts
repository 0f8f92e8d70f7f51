import fc from 'fast-check';
import {expect, test} from 'vitest';
import {displayWidth, truncate} from '../../src/reporters/display-width.ts';
import {createLiveLines} from '../../src/reporters/live-lines.ts';
import {createScreen} from './screen.ts';

test('live lines are redrawn in place, printed lines stay above them', () => {
  const screen = createScreen(40, 10);
  const live = createLiveLines(screen);
  live.draw(['a 1/9', 'total']);
  live.draw(['a 2/9', 'b 1/9', 'total']);
  live.print(['✓ c']);
  expect(screen.lines()).toEqual(['✓ c', 'a 2/9', 'b 1/9', 'total']);
  live.draw(['total']);
  expect(screen.lines()).toEqual(['✓ c', 'total']);
  expect(screen.isCursorVisible()).toBe(false);
  live.close();
  expect(screen.lines()).toEqual(['✓ c', '']);
  expect(screen.isCursorVisible()).toBe(true);
});

test('a live line never wraps; a printed one may, and nothing of it is erased', () => {
  const screen = createScreen(10, 10);
  const live = createLiveLines(screen);
  live.draw(['0123456789abc', 'total']);
  expect(screen.lines()).toEqual(['01234567…', 'total']);
  live.print(['printed line longer than ten']);
  live.draw(['x', 'total']);
  expect(screen.lines()).toEqual(['printed li', 'ne longer', 'than ten', 'x', 'total']);
});

test('no more live lines than the terminal has rows', () => {
  const screen = createScreen(20, 4);
  createLiveLines(screen).draw(['a', 'b', 'c', 'd', 'total']);
  expect(screen.lines()).toEqual(['c', 'd', 'total']);
});

test('a terminal made narrower: what it wrapped is erased too', () => {
  const narrow = createScreen(8, 10);
  // The terminal wraps again what was drawn at 20 columns.
  const stream = {columns: 20, rows: 10, write: (text: string) => narrow.write(text)};
  const live = createLiveLines(stream);
  live.print(['kept']);
  live.draw(['0123456789abcdef', 'total']);
  stream.columns = 8;
  live.draw(['0123456789abcdef', 'total']);
  expect(narrow.lines()).toEqual(['kept', '012345…', 'total']);
});

test('whatever is drawn and printed, the screen shows all printed lines and the last live ones', () => {
  const lines = fc.array(
    fc.string({unit: fc.constantFrom('a', 'b', ' ', '.'), maxLength: 30}).map(text => `|${text}|`),
    {minLength: 1, maxLength: 5},
  );
  const step = fc.record({kind: fc.constantFrom('draw' as const, 'print' as const), lines});
  fc.assert(
    fc.property(fc.array(step, {maxLength: 12}), steps => {
      const screen = createScreen(60, 20);
      const live = createLiveLines(screen);
      let drawn: string[] = [];
      const printed: string[] = [];
      for (const {kind, lines} of steps) {
        live[kind](lines);
        if (kind === 'draw') drawn = lines;
        else printed.push(...lines);
      }
      const expected = [...printed, ...drawn].map(line => line.trimEnd());
      expect(screen.lines().filter(line => line !== '')).toEqual(expected);
    }),
  );
});

test.each([
  ['abc', 3],
  ['✓ zug', 5],
  ['模型', 4],
  ['e\u0301', 1],
  ['\u001b[32m✓\u001b[39m', 1],
  ['😀', 2],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('truncate cuts to the width and says so', () => {
  expect(truncate('abc', 3)).toBe('abc');
  expect(truncate('abcd', 3)).toBe('ab…');
  expect(truncate('模型模型', 6)).toBe('模型…');
  expect(truncate('\u001b[32mabcd\u001b[39m', 3)).toBe('\u001b[32mab…\u001b[0m');
});

test('truncate never exceeds the width', () => {
  fc.assert(
    fc.property(fc.string({unit: 'grapheme'}), fc.integer({min: 1, max: 20}), (text, columns) => {
      expect(displayWidth(truncate(text, columns))).toBeLessThanOrEqual(columns);
    }),
  );
});
