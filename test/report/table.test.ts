import {expect, test} from 'vitest';
import {defineTable, diffTable, renderTable} from '../../src/report/table.ts';

type Data = readonly {name: string; score: number | null}[];

const table = defineTable({
  title: 'Scores',
  rowKey: ['name'],
  columns: [
    {key: 'name', title: 'Name'},
    {key: 'score', title: 'Score', digits: 1, align: 'right'},
  ],
  rows: (data: Data) => data.map(({name, score}) => ({name, score})),
});

test('numbers have fixed decimals, a real minus, and a dash where there is none', () =>
  expect(
    renderTable(table, [
      {name: 'a', score: 1},
      {name: 'b', score: -0.04},
      {name: 'c', score: -2},
      {name: 'd', score: null},
    ]),
  ).toMatchInlineSnapshot(`
    "| Name | Score |
    | - | -: |
    | a | 1.0 |
    | b | 0.0 |
    | c | −2.0 |
    | d | – |
    "
  `));

test('no rows, no table', () => expect(renderTable(table, [])).toBe(''));

test('a pipe or a line break in a cell does not break the table', () =>
  expect(renderTable(table, [{name: 'a|b\nc', score: 1}])).toContain('| a\\|b c | 1.0 |'));

test('a table that was never told about diffs has one', () => {
  const old = [
    {name: 'same', score: 1},
    {name: 'up', score: 1},
    {name: 'gone', score: 3},
  ];
  const now = [
    {name: 'same', score: 1},
    {name: 'up', score: 2.26},
    {name: 'new', score: 4},
  ];
  expect(diffTable(table, old, now)).toMatchInlineSnapshot(`
    "| Name | Score |
    | - | -: |
    | up | 1.0 → 2.3 (+1.3) |
    | gone | 3.0 → – |
    | new | – → 4.0 |
    "
  `);
  expect(diffTable(table, old, old)).toBe('');
});
