import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {costSchema} from '../../src/report/cost.ts';
import measureCost from '../../stages/measure-cost.ts';
import {englishTexts, tinyStudent} from '../export/tiny-student.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const encoder = path.join(import.meta.dirname, '../expected/tiny-bert');
const texts = Array.from({length: 32}, (_, at) => (at < 2 ? englishTexts[at]! : `cat ${at}`));

test('cost: a BERT of a folder, BERT-base by its shape, a student of 32 and of 8 bits', async () => {
  const {student, sentences} = await tinyStudent(await scratchFolder(), texts, {unit: 'word', pooling: 'idf'});
  const params = {model: 'folder', sentences: 32, passes: 1, bertBase: 30_522};
  const {out, logs} = await runStage(measureCost, {
    params: {...params, arms: {distil: 'student'}, preciseArms: {distil: {int8: 'student-int8', int4: 'student-int4'}}},
    in: {sentences, students: [{path: student, stage: 'distil'}], model: encoder},
  });
  const cost = costSchema.parse(JSON.parse(readFileSync(out.cost, 'utf8')));
  expect(cost.teacher.name).toMatch(/^encoder \d+ × \d+$/);
  // BertModel(BertConfig()).num_parameters() of transformers 5.23.0 is 109,482,240, of which 590,592 are the pooler's.
  expect(cost.bertBase?.parameters).toBe(109_482_240 - 590_592);
  expect(cost.models?.map(({arm, name}) => [arm, name])).toEqual([
    ['student', 'BiLSTM 8 → 2 × 6 → 10'],
    ['student-int8', 'BiLSTM 8 → 2 × 6 → 10, int8'],
    ['student-int4', 'BiLSTM 8 → 2 × 6 → 10, int4'],
  ]);
  expect(cost.models?.[0]?.bytes).toBe(cost.student.bytes);
  expect(cost.bertBase!.sentencesPerSecond.batch32).toBeLessThan(cost.student.sentencesPerSecond.batch32);
  expect(logs).toHaveLength(5);
}, 120_000);

test('cost: what is missing is said before anything is timed', async () => {
  const {student, sentences} = await tinyStudent(await scratchFolder(), texts, {unit: 'word', pooling: 'idf'});
  const run = (params: object) =>
    runStage(measureCost, {params: {sentences: 32, ...params}, in: {sentences, students: [{path: student, stage: 'distil'}]}}); // prettier-ignore
  await expect(run({model: 'folder'})).rejects.toThrow('`model: folder` needs a folder as the input `model`.');
  await expect(run({preciseArms: {distill: {int8: 'x'}}})).rejects.toThrow('`preciseArms` names the stage "distill"');
});
