import {expect, test} from 'vitest';
import {thinned} from '../../src/report/curves.ts';
import {armScale} from '../../src/report/plots/style.ts';
import {labelCurve} from '../../src/report/plots/label-curve.ts';
import {learningCurve} from '../../src/report/plots/learning-curve.ts';
import {renderSvg} from '../../src/report/plots/render.ts';
import {seedsByArm} from '../../src/report/plots/seeds-by-arm.ts';
import {curve, experiment, results, runs} from './fixture.ts';

const labelled = () =>
  results(
    experiment().scores.flatMap(s =>
      ['100', '1000'].map((labels, i) => ({...s, axis: {labels}, value: s.value * (0.8 + 0.1 * i)})),
    ),
  );

const plots = {
  'seeds-by-arm': () => seedsByArm(experiment()),
  'learning-curve': () => learningCurve([1, 2, 3].flatMap(seed => [curve('ltd', seed), curve('lsa', seed)])),
  'label-curve': () => labelCurve(labelled()),
};

test.each(Object.entries(plots))('%s: the same bytes each time, one element a line, rounded', async (_, spec) => {
  const made = spec();
  if (!made) throw new Error('no plot');
  const svg = await renderSvg(made);
  expect(await renderSvg(spec() ?? made)).toBe(svg);
  for (const line of svg.trimEnd().split('\n')) expect(line.match(/<[^/]/g)?.length ?? 0).toBeLessThanOrEqual(1);
  expect(svg.match(/ (?:d|transform|x|y|width|height|x2|y2)="[^"]*\d\.\d\d/)).toBeNull();
  expect(svg).not.toMatch(/NaN|undefined|Infinity|aria-/);
  // GitHub shows a picture 830 pixels wide: what is wider is scaled down, letters and all
  expect(Number(/ width="(\d+)"/.exec(svg)?.[1])).toBeLessThan(900);
});

test('a small picture, to the byte', async () => {
  const small = seedsByArm(results([...runs('topic', 'ltd', [0.7, 0.72, 0.74]), ...runs('topic', 'plain', [0.5])]));
  if (!small) throw new Error('no plot');
  await expect(await renderSvg(small)).toMatchFileSnapshot('../expected/report/seeds-by-arm.svg');
});

test('no picture without data', () => {
  expect(seedsByArm(results([]))).toBeNull();
  expect(learningCurve([])).toBeNull();
  expect(labelCurve(experiment())).toBeNull();
});

test('an arm has one colour in all plots, an unknown arm one that no other arm has', () => {
  const {range} = armScale(['plain', 'mine', 'ltd', 'yours']);
  expect(new Set(range).size).toBe(4);
  expect(armScale(['ltd']).range[0]).toBe(range[2]);
});

test('thinning keeps the mean and the last step', () => {
  const points = Array.from({length: 100}, (_, i) => ({step: i + 1, value: i}));
  expect(thinned(points, 4)).toEqual([
    {step: 25, value: 12},
    {step: 50, value: 37},
    {step: 75, value: 62},
    {step: 100, value: 87},
  ]);
  expect(thinned(points.slice(0, 3), 4)).toEqual(points.slice(0, 3));
});
