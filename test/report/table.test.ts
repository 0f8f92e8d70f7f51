import {expect, test} from 'vitest';
import {defineTable, renderTable} from '../../src/report/table.ts';

type Data = readonly {name: string; score: number | null}[];

const table = defineTable({
  title: 'Scores',
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
