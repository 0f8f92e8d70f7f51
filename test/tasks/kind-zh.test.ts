import {expect, test} from 'vitest';
import {loadTask} from '../../src/tasks/load.ts';

test('the made Chinese task: as many sentences of each kind, the same for a seed, none on both sides', async () => {
  const {source, ...task} = await loadTask('kind-zh');
  if (source.kind !== 'generated' || task.kind !== 'classification') return expect.fail('not a made classification');
  const make = (seed: number) => source.generate({seed, rows: {train: 300, dev: 100}});
  const made = await make(1);
  expect([made.train.length, made.dev.length]).toEqual([300, 100]);
  expect(await make(1)).toEqual(made);
  expect((await make(2)).train).not.toEqual(made.train);
  const inTrain = new Set(made.train.map(([text]) => text));
  expect(made.dev.filter(([text]) => inTrain.has(text))).toEqual([]);
  for (const label of task.labels) {
    const share = made.train.filter(([, , own]) => own === label).length / 300;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.3);
  }
});
