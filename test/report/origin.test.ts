import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {writePredictions} from '../../src/evaluation/predictions.ts';
import evaluate from '../../stages/evaluate.ts';
import measureCost from '../../stages/measure-cost.ts';
import topic from '../../src/tasks/sst-2.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

test('a score says which instance made its predictions', async () => {
  const file = path.join(await scratchFolder(), 'dev.arrow');
  const [positive] = topic.kind === 'classification' ? topic.labels : [];
  await writePredictions(file, topic, {
    task: 'sst-2',
    split: 'dev',
    arm: 'ltd',
    axis: {labels: '500'},
    seed: 3,
    ids: ['0', '1'],
    labels: [positive!, positive!],
    predictions: [positive!, 'other'],
    logits: new Float32Array(4),
  });
  const axis = {task: 'sst-2', labels: '500', seed: '3'};
  const {out} = await runStage(evaluate, {
    params: {tasks: ['sst-2']},
    in: {predictions: [{path: file, stage: 'tune', axis}]},
  });
  expect(JSON.parse(readFileSync(out.scores, 'utf8'))).toEqual({
    scores: [
      {
        task: 'sst-2',
        split: 'dev',
        metric: 'accuracy',
        arm: 'ltd',
        axis: {labels: '500'},
        seed: 3,
        value: 0.5,
        from: 'tune@task=sst-2,labels=500,seed=3',
      },
    ],
  });
});

test('cost: an arm of a stage that gives no student is named before anything is timed', async () => {
  const {openArrowWriter} = await import('../../src/io/arrow.ts');
  const sentences = path.join(await scratchFolder(), 'sentences.arrow');
  const writer = openArrowWriter(sentences, {text: 'utf8'});
  await writer.append({text: Array.from({length: 64}, (_, i) => `sentence ${i}`)});
  await writer.close();
  const running = runStage(measureCost, {
    params: {sentences: 64, arms: {distill: 'ltd'}},
    in: {sentences, students: [{path: 'nowhere', stage: 'distil'}]},
  });
  await expect(running).rejects.toThrow(
    '`arms` names the stage "distill", and no student comes from there: `students` has those of distil.',
  );
});
