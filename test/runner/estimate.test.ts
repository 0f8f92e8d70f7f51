import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {Instance} from '../../src/runner/graph.ts';
import {estimateRun} from '../../src/runner/schedule/estimate.ts';

const machine = {cpus: 2, memoryMb: 8000, gpus: 1};

const job = (id: string, needs: readonly string[] = [], resources: Partial<Instance['resources']> = {}): Instance => ({
  id,
  stage: id.replace(/@.*/, ''),
  axis: {},
  command: {kind: 'shell', text: ''},
  params: {},
  env: [],
  inputs: [],
  outputs: [],
  needs,
  resources: {cpus: 1, memoryMb: 10, gpus: 0, minutes: 1, ...resources},
  frozen: false,
  always: false,
  retries: 0,
  timeoutMinutes: null,
});

const wall = (instances: readonly Instance[], seconds: Readonly<Record<string, number>>, jobs = 2): number =>
  estimateRun({instances, lastSeconds: id => seconds[id], capacity: machine, jobs}).wallSeconds;

// By hand.
test.each<[string, readonly Instance[], Readonly<Record<string, number>>, number]>([
  ['nothing', [], {}, 0],
  ['a chain', [job('a'), job('b', ['a'])], {a: 2, b: 3}, 5],
  ['two at once', [job('a'), job('b')], {a: 2, b: 3}, 3],
  ['three, two at once', [job('a'), job('b'), job('c')], {a: 2, b: 3, c: 2}, 4],
  ['one that needs both cores', [job('a'), job('b', [], {cpus: 2})], {a: 2, b: 3}, 5],
  ['one larger than the machine', [job('a', [], {cpus: 64}), job('b')], {a: 2, b: 3}, 5],
  ['one GPU for two', [job('a', [], {gpus: 1}), job('b', [], {gpus: 1})], {a: 2, b: 3}, 5],
  ['a need that is not run', [job('b', ['a'])], {b: 3}, 3],
  ['never run: as the others of its stage', [job('t@s=1'), job('t@s=2'), job('t@s=3')], {'t@s=1': 2, 't@s=2': 4}, 5],
  ['nothing known', [job('a')], {}, 0],
])('%s', (_, instances, seconds, expected) => {
  expect(wall(instances, seconds)).toBe(expected);
});

test('between the longest job and all of them one after the other; with one job exactly the sum', () => {
  const times = fc.array(fc.integer({min: 0, max: 50}), {minLength: 1, maxLength: 12});
  fc.assert(
    fc.property(times, fc.integer({min: 1, max: 4}), (list, jobs) => {
      const seconds = Object.fromEntries(list.map((time, index) => [`j${index}`, time]));
      const instances = list.map((_, index) => job(`j${index}`, index > 2 ? [`j${index - 3}`] : []));
      const total = list.reduce((sum, time) => sum + time, 0);
      const result = wall(instances, seconds, jobs);
      expect(result).toBeLessThanOrEqual(total);
      expect(result).toBeGreaterThanOrEqual(Math.max(...list));
      expect(wall(instances, seconds, 1)).toBe(total);
    }),
  );
});
