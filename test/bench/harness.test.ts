import {expect, test} from 'vitest';
import {header, tableLine} from '../../bench/harness/print.ts';
import {higherIsBetter, isSelected, lowerIsBetter} from '../../bench/harness/row.ts';
import {median, timeRuns} from '../../bench/harness/timing.ts';
import {makeDag} from '../../bench/runners/runner-peer.ts';

const measured = {bench: 'x', case: 'c', unit: 's', ours: 2, peer: 'p', theirs: 3, runs: 5};

test('the ratio is above 1 when ours is better, whichever way the unit points', () => {
  expect(lowerIsBetter(measured).ratio).toBe(1.5);
  expect(higherIsBetter({...measured, theirs: 1}).ratio).toBe(2);
  expect(lowerIsBetter({...measured, theirs: null, reason: 'not installed'}).ratio).toBeNull();
});

test('medians of odd and even counts, without regard to order', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([10, 4, 1, 2])).toBe(3);
  expect(() => median([])).toThrow('no values');
});

test('preparation and checks of a run are not in its time, and the budget ends the runs', async () => {
  const order: string[] = [];
  const push = (name: string) => () => order.push(name);
  expect(await timeRuns(push('run'), {runs: 2, before: push('before'), after: push('after')})).toMatchObject({runs: 2});
  expect(order).toEqual(['before', 'run', 'after', 'before', 'run', 'after']);
  expect((await timeRuns(() => {}, {runs: 9, budget: 0})).runs).toBe(1);
});

test('a table line keeps the columns of the header', () => {
  const row = tableLine({...lowerIsBetter({...measured, ours: 0.0123, theirs: 1234.5}), threads: 1});
  expect(row).toContain('c (1 thread)');
  expect(row.indexOf('p ')).toBe(header().indexOf('peer'));
  expect(row).toMatch(/ 0\.0123 +p +1235 +100400× +s +5$/);
  expect(tableLine({...measured, theirs: null, ratio: null, runs: 0, reason: 'not installed'})).toMatch(
    /– +– +s +0 {2}not inst/,
  );
});

test('cases are chosen by a part of their name', () => {
  expect(isSelected('no-op, 10 stages', {quick: true, only: 'no-op'})).toBe(true);
  expect(isSelected('no-op, 10 stages', {quick: true, only: 'cold'})).toBe(false);
});

test('the synthetic pipeline is ten chains: each stage reads the one ten before it', () => {
  const {stages, inputs} = makeDag(30);
  expect(inputs).toHaveLength(10);
  expect(stages[9]).toEqual({name: 's9', input: 'in/9.txt', needs: null, output: 'out/s9.txt'});
  expect(stages[29]).toEqual({name: 's29', input: 'out/s19.txt', needs: 's19', output: 'out/s29.txt'});
});
