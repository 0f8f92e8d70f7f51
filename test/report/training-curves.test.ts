import {expect, test} from 'vitest';
import {mkdtempSync, readFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {termNumbers} from '../../src/report/plots/loss-terms.ts';
import {trainingNumbers} from '../../src/report/plots/training-curve.ts';
import {readTrainings} from '../../src/report/read-inputs.ts';
import {bordersOf, termsOf, trainingPanels} from '../../src/report/training-curves.ts';
import {createLossCurve, mostPoints, writeTaskCurve} from '../../src/training/loss-curve.ts';
import {training} from './fixture.ts';

const add = (curve: ReturnType<typeof createLossCurve>, from: number, to: number, total: number): void => {
  for (let step = from; step <= to; step++)
    curve.add(step, total, step, {soft: {value: 2 * step, weighted: step % 2 === 0 ? step : 0}});
};

test('a curve is means of stretches, and a restored one goes on as if never stopped', () => {
  const whole = createLossCurve();
  add(whole, 1, 1001, 1001);
  // 1001 steps in stretches of 6, and what is left
  expect(whole.points()).toHaveLength(167);
  expect(whole.points().length).toBeLessThanOrEqual(mostPoints);
  expect(whole.points()[0]).toEqual({step: 6, loss: 3.5, terms: {soft: {value: 7, weighted: 2}}});
  expect(whole.points().at(-1)).toMatchObject({step: 1001, loss: 999});
  const [stopped, resumed] = [createLossCurve(), createLossCurve()];
  add(stopped, 1, 500, 1001);
  resumed.restore(stopped.notes());
  add(resumed, 501, 1001, 1001);
  expect(resumed.points()).toEqual(whole.points());
});

test('what a stage writes is what the report reads', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'curves-'));
  const curve = createLossCurve();
  add(curve, 1, 10, 10);
  const file = path.join(folder, 'metrics.json');
  writeTaskCurve(file, {task: 'rte', arm: 'ltd', axis: {labels: '100', student: '1'}, seed: 3, steps: curve.points()});
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(13);
  const [read] = readTrainings([{path: file, stage: 'ltd', axis: {}}], ['student']);
  expect(read).toMatchObject({task: 'rte', arm: 'ltd', axis: {labels: '100'}, seed: 3});
  expect(read!.steps).toEqual(curve.points());
});

test('the border of a training in stages is where other terms begin to count', () => {
  const two = [1, 2].map(seed => training('rte', 'lrc-bert', seed, true));
  expect(termsOf(two)).toEqual(['contrast', 'soft', 'hard']);
  expect(bordersOf(two)).toEqual([41]);
  expect(bordersOf([training('rte', 'plain', 1)])).toEqual([]);
  expect(termNumbers(two)).toMatch(/^\| Task \| Arm \| Step \| Loss \| contrast \| soft \| hard \|\n/);
  expect(termNumbers(two)).toMatch(/\| rte \| lrc-bert \| 50 \| [\d.]+ \| [\d.]+ \| [\d.]+ \| [\d.]+ \|\n$/);
});

test('a panel a task, and a value of an axis where there are several', () => {
  const all = [training('rte', 'ltd', 1), training('mrpc', 'ltd', 1)];
  expect([...trainingPanels(all).keys()]).toEqual(['rte', 'mrpc']);
  const labelled = ['100', '1000'].map(labels => ({...training('rte', 'ltd', 1), axis: {labels}}));
  expect([...trainingPanels(labelled).keys()]).toEqual(['rte, labels=100', 'rte, labels=1000']);
  expect(trainingNumbers(labelled)).toContain('| rte, labels=100 | ltd | 50 |');
});
