import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {readArrow} from '../../src/io/arrow.ts';
import {createRandom} from '../../src/math/random.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {readExamples} from '../../src/tasks/read.ts';
import {disturb} from '../../src/text/noise.ts';
import {openSynonyms} from '../../src/training/task-distillation/synonyms.ts';
import {predictionsOrigin} from '../../src/evaluation/predictions.ts';
import cutRows from '../../stages/cut-rows.ts';
import predictTask from '../../stages/predict-task.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import {bilstm, distil, encoder, makeRig} from './rig.ts';

const text = 'The quick car, a rather small one, began to move across the large field near our house.';
const none = (): readonly string[] => [];
const words = (of: string): string[] => of.match(/[\p{L}'’]+/gu) ?? [];

it('nothing is touched at rate 0, every word at rate 1, about a share of them between', () => {
  for (const kind of ['typos', 'drop'] as const) {
    expect(disturb(text, {kind, rate: 0, synonymsOf: none}, createRandom(1))).toBe(text);
    const all = disturb(text, {kind, rate: 1, synonymsOf: none}, createRandom(1));
    if (kind === 'drop') expect(words(all)).toEqual(['The']);
    else expect(words(all).filter((word, at) => word === words(text)[at]).length).toBeLessThan(4);
  }
  let kept = 0;
  for (let seed = 0; seed < 200; seed++)
    kept += words(disturb(text, {kind: 'drop', rate: 0.25, synonymsOf: none}, createRandom(seed))).length;
  expect(kept / 200 / words(text).length).toBeCloseTo(0.75, 1);
});

it('a typo is one slip: at most one letter more or less, punctuation as it was', () => {
  for (let seed = 0; seed < 50; seed++) {
    const changed = disturb('keyboard, keyboard', {kind: 'typos', rate: 1, synonymsOf: none}, createRandom(seed));
    expect(changed).toMatch(/^[a-z]{7,9}, [a-z]{7,9}$/);
  }
});

it("synonyms are WordNet's, single words, never the word itself; a word without one stays", () => {
  const synonymsOf = openSynonyms();
  expect(synonymsOf('car')).toContain('automobile');
  expect(synonymsOf('car')).not.toContain('car');
  expect(synonymsOf('zzz')).toEqual([]);
  const changed = words(disturb('The car zzz', {kind: 'synonyms', rate: 1, synonymsOf}, createRandom(3)));
  expect(synonymsOf('car')).toContain(changed[1]);
  expect(changed[2]).toBe('zzz');
});

it('a model that is opened again predicts what it predicted, disturbed texts under their own axis', async () => {
  const rig = await makeRig(24);
  for (const student of [encoder, bilstm]) {
    const {out} = await distil(rig, {method: 'hinton', student});
    const predict = (more: object = {}) =>
      runStage(predictTask, {
        in: {model: out.student, examples: rig.dev},
        params: {task: 'mnli', arm: 'hinton', seed: 1, maxTokens: 12, ...more},
        axis: {noise: 'x', seed: '1'},
      });
    const [again, first] = [readArrow((await predict()).out.predictions), readArrow(out.dev)];
    expect(again.vectors('logits').parts.flatMap(part => [...part])).toEqual(first.vectors('logits').parts.flatMap(part => [...part])); // prettier-ignore
    const noisy = (await predict({noise: 'typos', rate: 0.8})).out.predictions;
    expect(predictionsOrigin(noisy)).toMatchObject({arm: 'hinton', axis: {noise: 'typos'}, seed: 1, split: 'dev'});
    expect(readArrow(noisy).strings('id')).toEqual(first.strings('id'));
    expect(readArrow(noisy).vectors('logits').parts).not.toEqual(first.vectors('logits').parts);
    await expect(predict({task: 'rte'})).rejects.toThrow();
  }
});

it('rows are cut by a seed, in their order', async () => {
  const task = await loadTask('sst-2');
  const file = join(await scratchFolder(), 'train.tsv');
  writeFileSync(
    file,
    `id\tsentence1\tlabel\n${Array.from({length: 50}, (_, at) => `${at}\tt${at}\tpositive\n`).join('')}`,
  );
  const cut = async (seed: number): Promise<string[]> => {
    const {out} = await runStage(cutRows, {in: {examples: file}, params: {task: 'sst-2', rows: 10, seed}});
    return readExamples(out.rows, task).map(({id}) => id);
  };
  const chosen = await cut(1);
  expect(chosen).toHaveLength(10);
  expect(chosen).toEqual(chosen.toSorted((a, b) => Number(a) - Number(b)));
  expect(await cut(1)).toEqual(chosen);
  expect(await cut(2)).not.toEqual(chosen);
});
