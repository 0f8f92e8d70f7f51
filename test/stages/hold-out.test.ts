import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {loadTask} from '../../src/tasks/load.ts';
import {readExamples} from '../../src/tasks/read.ts';
import holdOut from '../../stages/hold-out.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const rte = await loadTask('rte');
const header = 'id\tsentence1\tsentence2\tlabel\n';

const examplesOf = async (rows: number): Promise<string> => {
  const file = join(await scratchFolder(), 'train.tsv');
  const row = (at: number) =>
    `${at}\tFirst ${at}.\tSecond "${at}".\t${at % 3 === 0 ? 'entailment' : 'not_entailment'}\n`;
  writeFileSync(file, header + Array.from({length: rows}, (_, at) => row(at)).join(''));
  return file;
};

const split = async (examples: string, params: object = {}) => {
  const {out} = await runStage(holdOut, {in: {examples}, params: {task: 'rte', ...params}});
  const [train, dev] = [readExamples(out.train, rte), readExamples(out.dev, rte)];
  const places = (of: typeof train) => of.map(({id}) => Number(id));
  return {train, dev, places: {train: places(train), dev: places(dev)}};
};

it('each row is on one side, as it was and in its order', async () => {
  const file = await examplesOf(100);
  const {train, dev, places} = await split(file);
  expect([train.length, dev.length]).toEqual([80, 20]);
  for (const side of [places.train, places.dev]) expect(side).toEqual(side.toSorted((a, b) => a - b));
  expect([...places.train, ...places.dev].toSorted((a, b) => a - b)).toEqual([...Array(100).keys()]);
  const rows = readExamples(file, rte);
  for (const example of [...train, ...dev]) expect(example).toEqual(rows[Number(example.id)]);
});

it('the seed chooses, and nothing else; `most` is a limit', async () => {
  const file = await examplesOf(100);
  const [first, again, other] = [await split(file), await split(file), await split(file, {seed: 2})];
  expect(again.places).toEqual(first.places);
  expect(other.places.dev).not.toEqual(first.places.dev);
  expect((await split(file, {share: 0.5, most: 7})).dev).toHaveLength(7);
  expect((await split(await examplesOf(2), {share: 0.01})).dev).toHaveLength(1);
});

it('one row cannot be split', async () => {
  const examples = await examplesOf(1);
  await expect(split(examples)).rejects.toThrow(`${examples} has 1 rows; two are needed`);
});
