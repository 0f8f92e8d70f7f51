import {expect, test} from 'vitest';
import {fc} from '../seeded.ts';
import {formatResults} from '../../src/report/format-results.ts';
import {compareNatural} from '../../src/report/order.ts';
import {taskTable} from '../../src/report/task-table.ts';
import {results, runs} from './fixture.ts';

test('numbers in names count by their value', () => {
  const names = [
    'labels=all',
    'labels=1000',
    'labels=500',
    'a',
    'labels=8000',
    'student-50000',
    'student',
    'b2',
    'b10',
    'b02',
  ];
  expect(names.sort(compareNatural)).toEqual(
    ['a', 'b02', 'b2', 'b10', 'labels=500', 'labels=1000', 'labels=8000', 'labels=all', 'student', 'student-50000'], // prettier-ignore
  );
});

test('any names have one order', () => {
  const name = fc
    .array(fc.constantFrom('a', 'b', '-', '0', '1', '9', '10', '٣'), {maxLength: 5})
    .map(all => all.join(''));
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
      expect(compareNatural(a, b) === 0).toBe(a === b);
      if (compareNatural(a, b) < 0 && compareNatural(b, c) < 0) expect(compareNatural(a, c)).toBeLessThan(0);
    }),
  );
});

test('results.json has axis values in their natural order', () => {
  const of = (labels: string) => runs('topic', 'ltd', [0.5]).map(s => ({...s, axis: {labels}}));
  const text = formatResults(results(['all', '1000', '500', '8000'].flatMap(of)));
  expect([...text.matchAll(/"labels":"(\w+)"/g)].map(([, value]) => value)).toEqual(['500', '1000', '8000', 'all']);
});

test('the classes of a task without training rows are those of its dev rows', () => {
  const split = (rows: number, labels: Record<string, number> | null) => ({rows, labels});
  const summary = (task: string, train: object, dev: object) => ({
    ...{file: '', origin: '', json: {task, splits: {train, dev, test: split(5, null)}, overlap: {texts: 0, rows: 0}}},
  });
  const table = taskTable([
    summary('qnli', split(0, null), split(4, {yes: 1, no: 3})),
    summary('sts-b', split(3, null), split(2, null)),
  ]);
  expect(table).toContain('| qnli | – | 4 | 5 | 2 | 75.0 % | 0 |');
  expect(table).toContain('| sts-b | 3 | 2 | 5 | a number | – | 0 |');
});
