import {expect, test} from 'vitest';
import {thinned} from '../../src/report/curves.ts';
import {armScale} from '../../src/report/plots/style.ts';
import {formatResults} from '../../src/report/format-results.ts';
import {parseResults} from '../../src/report/parse-results.ts';
import {labelNumbers, seedNumbers} from '../../src/report/plots/numbers.ts';
import {labelCurve} from '../../src/report/plots/label-curve.ts';
import {differences, differencesOf} from '../../src/report/plots/differences.ts';
import {learningCurve} from '../../src/report/plots/learning-curve.ts';
import {lossTerms} from '../../src/report/plots/loss-terms.ts';
import {performanceProfile, profileNumbers} from '../../src/report/plots/performance-profile.ts';
import {profilePoints} from '../../src/report/plots/profile-shares.ts';
import {pricedArms, qualityAgainstCost} from '../../src/report/plots/quality-against-cost.ts';
import {renderSvg} from '../../src/report/plots/render.ts';
import {seedsByArm} from '../../src/report/plots/seeds-by-arm.ts';
import {pointsALine, trainingCurve} from '../../src/report/plots/training-curve.ts';
import {cost, curve, experiment, results, runs, training} from './fixture.ts';

const labelled = () =>
  results(
    experiment().scores.flatMap(s =>
      ['100', '1000', 'all'].map((labels, i) => ({...s, axis: {labels}, value: s.value * (0.8 + 0.1 * i)})),
    ),
  );

const trainings = ['rte', 'mrpc'].flatMap(task =>
  ['lrc-bert', 'lrc-no-perturbation'].flatMap(arm => [1, 2, 3].map(seed => training(task, arm, seed, true))),
);

const plots = {
  'seeds-by-arm': () => seedsByArm(experiment()),
  'learning-curve': () => learningCurve([1, 2, 3].flatMap(seed => [curve('ltd', seed), curve('lsa', seed)])),
  'training-curve': () => trainingCurve(trainings),
  'loss-terms': () => lossTerms(trainings),
  'label-curve': () => labelCurve(labelled()),
  differences: () => differences(experiment()),
  'performance-profile': () => performanceProfile(profilePoints(experiment())),
  'quality-against-cost': () => qualityAgainstCost(pricedArms(experiment(), cost)),
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

test('a task with several metrics has a panel for each, its labels from few to many', () => {
  const cells = ['all', '1000', '500'].flatMap(labels =>
    ['accuracy', 'f1'].flatMap(metric => runs('mrpc', 'ltd', [0.7, 0.8], metric).map(s => ({...s, axis: {labels}}))),
  );
  const written = parseResults(formatResults(results(cells)), 'results.json');
  const {data} = labelCurve(written) as unknown as {data: {values: {task: string; labels: number}[]}};
  expect(data.values.map(({task, labels}) => [task, labels])).toEqual(
    ['mrpc (accuracy)', 'mrpc (f1)'].flatMap(task => [500, 1000, 2500].map(labels => [task, labels])),
  );
  expect(labelNumbers(written)).toContain('| mrpc (f1) | ltd | 500 | 75.0 | 70.0 | 80.0 |');
  expect(seedNumbers(written)).toContain('| mrpc (accuracy), labels=1000 | ltd | 70.0, 80.0 |');
});

test('panels that share no arm have only rows of their own', () => {
  const {vconcat} = seedsByArm(
    results([
      ...runs('topic', 'ltd', [0.7]),
      ...runs('usage', 'ltd', [0.6]),
      ...runs('sim', 'teacher', [0.5], 'pearson'),
    ]),
  ) as unknown as {vconcat: {concat: {title: string; height: number}[]}[]};
  const named = vconcat.map(({concat}) => concat.map(({title, height}) => [title, height]));
  expect(named).toEqual([
    [
      ['topic', 22],
      ['usage', 22],
    ],
    [['sim', 22]],
  ]);
});

test('no picture without data', () => {
  expect(seedsByArm(results([]))).toBeNull();
  expect(learningCurve([])).toBeNull();
  expect(trainingCurve([])).toBeNull();
  expect(lossTerms([training('rte', 'lrc-bert', 1)])).toBeNull();
  expect(labelCurve(experiment())).toBeNull();
  expect(differences(results([]))).toBeNull();
  expect(performanceProfile(profilePoints(results(runs('x', 'ltd', [0.5, 0.6]))))).toBeNull();
  expect(qualityAgainstCost(pricedArms(experiment(), null))).toBeNull();
});

test('an arm has one colour in all plots, an unknown arm one that no other arm has', () => {
  const {range} = armScale(['plain', 'mine', 'ltd', 'yours']);
  expect(new Set(range).size).toBe(4);
  expect(armScale(['ltd']).range[0]).toBe(range[2]);
});

test('twenty seeds of five arms on eight tasks are fewer points a line, not a larger file', () => {
  expect(pointsALine(10)).toBe(40);
  expect(pointsALine(300)).toBe(20);
  expect(pointsALine(800)).toBe(12);
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

test('a profile is the share of runs above each score, tasks counting alike', () => {
  const two = results([
    ...runs('x', 'a', [0.2, 0.4]),
    ...runs('y', 'a', [0.6, 0.8, 0.8, 0.8]),
    ...runs('x', 'b', [0, 0]),
    ...runs('y', 'b', [1, 1]),
  ]);
  const of = (arm: string) => profilePoints(two).filter(p => p.arm === arm);
  // thresholds are 0, 2.5, … 100: above 30 are one of two runs on x and all on y
  expect(of('a')[12]).toMatchObject({threshold: 30, share: 0.75});
  expect(of('a')[28]).toMatchObject({threshold: 70, share: 0.375});
  expect(of('b').map(p => p.share)).toEqual([...Array.from({length: 40}, () => 0.5), 0]);
  for (const {share, low, high} of of('a')) expect(low <= share && share <= high).toBe(true);
  expect(profileNumbers(profilePoints(two))).toContain('| 30.0 | 0.75 (0.50 to 1.00) | 0.50 |');
});

test('pairs of arms that one task alone compares share a panel, a row each', () => {
  const [first] = experiment().tests.filter(t => t.interval);
  const arm = (name: string) => ['x', 'y'].flatMap(task => (name === 'b' || name === 'a' || task === 'y' ? runs(task, name, [0.5, 0.6]) : [])); // prettier-ignore
  const tested = (task: string, a: string, b: string) => ({...first!, task, a, b, n: [5, 5], metric: 'accuracy'});
  const all = results(
    ['a', 'b', 'c', 'd'].flatMap(arm),
    {tests: [tested('x', 'a', 'b'), tested('y', 'a', 'b'), tested('y', 'c', 'b'), tested('y', 'd', 'b')]}, // prettier-ignore
  );
  const {vconcat} = differences(all) as unknown as {vconcat: {concat: {title: string; height: number}[]}[]};
  const panels = vconcat.map(({concat}) => concat.map(({title, height}) => [title, height / 22]));
  expect(panels).toEqual([[['a − b', 2]], [['y', 2]]]);
});

test('a difference says whether its interval leaves out zero', () => {
  const [first] = experiment().tests.filter(t => t.interval);
  const open = {...first!, interval: [-0.01, 0.28] as [number, number]};
  expect(differencesOf({...experiment(), tests: [open]})).toMatchObject([{pair: 'ltd − plain', excludesZero: false}]);
  expect(differencesOf(experiment()).every(d => d.excludesZero)).toBe(true);
});

test('quality over cost: means over the tasks that all priced arms have', () => {
  const priced = pricedArms(experiment(), cost);
  expect(priced.map(p => p.arm)).toEqual(['teacher-lr', 'ltd']);
  // medians over seeds of (topic + entail + sim) / 3: seed 1 has (72 + 77.6 + 57.4) / 3 = 69
  expect(priced[1]).toMatchObject({bytes: 7e6, speed: 6000});
  expect(priced[1]!.score).toBeCloseTo(69, 10);
});
