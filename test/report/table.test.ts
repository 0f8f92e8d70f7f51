import {expect, test} from 'vitest';
import {fc} from '../seeded.ts';
import {groupsBySharing} from '../../src/report/order.ts';
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

const arms = defineTable({
  title: 'Arms',
  columns: [
    {key: 'task', title: 'Task'},
    {key: 'a', title: 'a', optional: true},
    {key: 'b', title: 'b', optional: true},
    {key: 'c', title: 'c', optional: true},
  ],
  rows: (data: readonly {task: string; a?: number; b?: number; c?: number}[]) =>
    data.map(({task, a = null, b = null, c = null}) => ({task, a, b, c})),
});

test('rows that have no optional column in common stand in tables of their own, without empty columns', () =>
  expect(
    renderTable(arms, [
      {task: 'x', a: 1},
      {task: 'y', c: 2},
      {task: 'z', a: 3, b: 4},
    ]),
  ).toMatchInlineSnapshot(`
    "| Task | a | b |
    | - | - | - |
    | x | 1 | – |
    | z | 3 | 4 |

    | Task | c |
    | - | - |
    | y | 2 |
    "
  `));

test('a row that shares a column with two others keeps all three together', () =>
  expect(
    renderTable(arms, [
      {task: 'x', a: 1},
      {task: 'y', c: 2},
      {task: 'z', a: 3, c: 4},
    ]),
  ).toContain('| x | 1 | – |'));

test('groups: nothing lost, nothing twice, no name in two of them, and no group that could be split', () =>
  fc.assert(
    fc.property(fc.array(fc.array(fc.constantFrom(...'abcdefgh'), {maxLength: 3}), {maxLength: 12}), names => {
      const groups = groupsBySharing([...names.keys()], at => names[at]!);
      expect(groups.flat().sort((a, b) => a - b)).toEqual([...names.keys()]);
      const owners = (at: number): string[] => (names[at]!.length > 0 ? names[at]! : ['']);
      for (const group of groups) {
        const others = groups.filter(other => other !== group).flat();
        const own = new Set(group.flatMap(owners));
        expect(others.flatMap(owners).filter(name => own.has(name))).toEqual([]);
        const reached = new Set([group[0]!]);
        for (let size = 0; size < reached.size;) {
          size = reached.size;
          const known = new Set([...reached].flatMap(owners));
          for (const at of group) if (owners(at).some(name => known.has(name))) reached.add(at);
        }
        expect(reached.size).toBe(group.length);
      }
    }),
  ));
