import {expect, test} from 'vitest';
import {compare} from '../../src/report/comparisons.ts';
import {findings} from '../../src/report/findings.ts';
import {curve, experiment, results, runs} from './fixture.ts';

const say = (r: ReturnType<typeof results>): string => findings(r).join('\n');
const tested = (task: string, adjusted: number) => ({
  kind: 'bootstrap',
  task,
  a: 'ltd',
  b: 'plain',
  p: adjusted / 2,
  adjusted,
  effect: null,
  n: [5, 5],
});
const [low, high] = [
  [0.5, 0.51, 0.52, 0.53, 0.54],
  [0.7, 0.71, 0.72, 0.73, 0.74],
];

test('better everywhere', () =>
  expect(say({...experiment(), distillation: [curve('ltd', 1), curve('ltd', 2)]})).toMatchInlineSnapshot(`
    "On 3 of 3 tasks \`ltd\` is better than \`plain\`: differences +23.1 to +50.8 points (medians over 5 seeds), each with adjusted p < .001 by a two-sided bootstrap test of the difference of medians over seeds after the Holm correction for 3 comparisons.
    With the evaluation examples resampled as well (a bootstrap over seeds and evaluation examples at once), \`ltd\` is better on 3 of 3 tasks after the Holm correction for 3 comparisons; the lowest end of a 95 % interval is +20.0 points.
    Against a TF-IDF logistic regression (\`tfidf-lr\`) its median is higher on 3 of 3 tasks (not tested): +11.6 to +29.3 points.
    Against a logistic regression on the teacher's own vectors (\`teacher-lr\`) its median is higher on 3 of 3 tasks (not tested): +0.6 to +19.7 points.
    On held-out sentences the distilled student's vectors have a mean cosine of 0.746 to the teacher's, against 0.020 for an untrained student and 0.520 for a bag of words (median over 2 distillation runs)."
  `));

test('better here, not shown there, worse elsewhere', () => {
  const scores = ['x', 'y', 'z'].flatMap(t => [
    ...runs(t, 'ltd', t === 'z' ? low : high),
    ...runs(t, 'plain', t === 'z' ? high : low),
  ]);
  expect(say(results(scores, {tests: [tested('x', 0.004), tested('y', 0.2), tested('z', 0.01)]})))
    .toMatchInlineSnapshot(`
    "On 1 of 3 tasks \`ltd\` is better than \`plain\`: differences +20.0 points (medians over 5 seeds), with adjusted p < .01 by a bootstrap of the difference of medians over seeds after the Holm correction for 3 comparisons.
    \`ltd\` is worse than \`plain\` on z: −20.0 points.
    No difference could be shown on y (+20.0 points, adjusted p = 0.20); that is not evidence that there is none."
  `);
});

test('nothing could be shown', () => {
  const scores = [...runs('x', 'ltd', high), ...runs('x', 'plain', low)];
  expect(say(results(scores, {tests: [tested('x', 0.051)]}))).toMatchInlineSnapshot(
    `"On x could \`ltd\` not be shown to be better than \`plain\` (differences +20.0 points, medians over 5 seeds; no adjusted p < .05 by a bootstrap of the difference of medians over seeds after the Holm correction for 1 comparison)."`,
  );
});

test('no tests', () =>
  expect(say({...experiment(), tests: []})).toContain('whether that is more than noise was not tested'));

test('a missing arm is named', () =>
  expect(say(results(runs('x', 'ltd', high)))).toBe(
    '`ltd` and `plain` cannot be compared: there are no scores of `plain`.',
  ));

test('no scores', () => expect(say(results([]))).toBe('There are no scores yet, so nothing was found.'));

test('a task with two metrics is one task, by the metric that was tested', () => {
  const scores = [
    ...runs('mrpc', 'ltd', high, 'accuracy'),
    ...runs('mrpc', 'plain', low, 'accuracy'),
    ...runs(
      'mrpc',
      'ltd',
      high.map(v => v + 0.01),
      'f1',
    ),
    ...runs('mrpc', 'plain', low, 'f1'),
  ];
  const said = say(results(scores, {tests: [{...tested('mrpc', 0.001), metric: 'f1'}]}));
  expect(said).toContain('On 1 of 1 task `ltd` is better than `plain`: differences +21.0 points');
});

test('with two seeds a bootstrap decides nothing, whatever its p', () => {
  const scores = [...runs('x', 'ltd', [0.7, 0.71]), ...runs('x', 'plain', [0.5, 0.51])];
  const bootstrap = {...tested('x', 0.0006), kind: 'bootstrap-median', n: [2, 2]};
  const rank = {...tested('x', 0.67), kind: 'mann-whitney', n: [2, 2]};
  expect(say(results(scores, {tests: [bootstrap, rank]}))).toMatchInlineSnapshot(
    `"On x could \`ltd\` not be shown to be better than \`plain\` (differences +20.0 points, medians over 2 seeds; no adjusted p < .05 by the exact two-sided Mann-Whitney U test over seeds after the Holm correction for 1 comparison)."`,
  );
  expect(say(results(scores, {tests: [bootstrap]}))).toContain('more than noise cannot be told from so few seeds');
});

test('where the bootstrap over runs and examples shows nothing, its timidity is said; else not', () => {
  const {tests, ...rest} = experiment();
  const timid = 'This bootstrap is timid';
  expect(say({...rest, tests})).not.toContain(timid);
  const weaker = tests.map(t => (t.kind === 'seeds-and-examples' ? {...t, p: 0.2, adjusted: 0.2} : t));
  expect(say({...rest, tests: weaker})).toContain(timid);
});

test('a test belongs to the row with just its axes: disturbed text has no p of the text as it is', () => {
  const values = [0.7, 0.71, 0.72, 0.73, 0.74];
  const noisy = (arm: string) => runs('topic', arm, values).map(score => ({...score, axis: {noise: 'typos'}}));
  const scores = [...['ltd', 'plain'].flatMap(arm => [...runs('topic', arm, values), ...noisy(arm)])];
  const test = {
    task: 'topic',
    metric: 'accuracy',
    split: 'dev',
    a: 'ltd',
    b: 'plain',
    kind: 'mann-whitney',
    p: 0.01,
    adjusted: 0.01,
    effect: null,
    n: [5, 5],
  };
  const found = (axis?: Record<string, string>) =>
    compare(results(scores, {tests: [{...test, ...(axis && {axis})}]}), 'ltd', 'plain').map(row => row.tests.length);
  expect(found({})).toEqual([1, 0]);
  expect(found({noise: 'typos'})).toEqual([0, 1]);
  expect(found()).toEqual([1, 1]);
});
