import {expect, test} from 'vitest';
import {parseResults} from '../../src/report/parse-results.ts';
import {tableSection} from '../../src/report/sections.ts';
import {smallestSeen} from '../../src/report/smallest-seen.ts';
import {renderTable} from '../../src/report/table.ts';
import comparisons from '../../src/report/tables/comparisons.ts';
import furtherTests from '../../src/report/tables/further-tests.ts';
import ranks from '../../src/report/tables/ranks.ts';
import scores from '../../src/report/tables/scores.ts';
import {strayWarnings} from '../../src/report/test-words.ts';
import {experiment, results, runs} from './fixture.ts';

const of = (r: ReturnType<typeof results>) => ({results: r, cost: null});

const shared = {task: 'topic', metric: 'accuracy', split: 'dev', axis: {}, a: 'ltd', b: 'plain', correction: 'holm'};
const mcnemar = {
  ...shared,
  kind: 'mcnemar',
  p: 0.002,
  adjusted: 0.006,
  effect: null,
  n: [1, 1],
  onlyFirst: 90,
  onlySecond: 51,
};
const wilcoxon = {...shared, kind: 'wilcoxon', p: 0.0625, adjusted: 0.19, effect: 1, n: [5, 5]};

test('further tests are folded, each with its legend, beside what so few seeds could have shown', () => {
  const base = experiment();
  const data = of(results(base.scores, {tests: [...base.tests, mcnemar, wilcoxon]}));
  const section = tableSection(furtherTests, data, []);
  expect(section).toMatch(/^<details>\n<summary>Further tests/);
  expect(section).toContain(
    '| Arms | Task | p bootstrap, one-sided | p Mann-Whitney | p Wilcoxon | p McNemar | ε | Seen | Seen among all |',
  );
  // 5 against 5 never get below .0079: at .05/3 they still can, and the difference is larger there
  expect(section).toMatch(
    /\| ltd − plain \| topic \(accuracy\) \| 3e−4 \| 0\.024 \| 0\.19 \| 0\.006 \(90 : 51\) \| 0\.00 \| 1\.\d \| [23]\.\d \|/,
  );
  expect(section).toContain(
    "p McNemar: McNemar's exact test of the median runs' answers, after the Holm correction for 1 comparison.",
  );
  expect(section).toContain('its run of median score');
  expect(section).toContain(
    "Caution with Wilcoxon's exact signed-rank test over shared seeds: this test can hardly find anything: with 5 runs a side",
  );
  expect(section).toContain(
    'Caution with a one-sided bootstrap test of the difference of medians over seeds: this test is too easy',
  );
});

test('where no difference could be shown, the table says none', () => {
  const three = [0.7, 0.71, 0.72];
  const data = of(
    results([
      ...runs('t', 'ltd', three),
      ...runs(
        't',
        'plain',
        three.map(v => v - 0.2),
      ),
    ]),
  );
  // 3 × 3 runs never get below .1
  expect(renderTable(furtherTests, data)).toContain('| ltd − plain | t (accuracy) | 0.00 | none | none |');
  expect(smallestSeen(3, 3)).toBe(Infinity);
  expect(renderTable(furtherTests, of(results([...runs('t', 'ltd', [1]), ...runs('t', 'plain', [0])])))).toBe('');
});

test('a bootstrap test that recorded enough is defined under the tables, by the number of resamples or the smallest p', () => {
  const base = experiment();
  const defined = (more: object) => of(results(base.scores, {tests: base.tests.map(t => ({...t, ...more}))}));
  for (const data of [defined({resamples: 500}), defined({smallest: 1 / 501})]) {
    for (const table of [scores, comparisons]) {
      const legend = table.legend?.(data).join('\n');
      expect(legend).toContain('Bootstrap test of the difference of medians over seeds, two-sided. 500 resamples draw');
      expect(legend).toContain('/ 501.');
      expect(legend).not.toContain('shifted to equal medians');
    }
  }
});

test('a star by a test that strays has its warning under the table; one that keeps its level has none', () => {
  const base = experiment();
  const only = (kind: string) => of(results(base.scores, {tests: base.tests.filter(t => t.kind === kind)}));
  expect(scores.legend?.(only('bootstrap-median-greater')).join('\n')).toContain(
    'says p < .05 in up to 11 % of cases.',
  );
  expect(scores.legend?.(only('bootstrap-median')).join('\n')).not.toContain('Caution');
  expect(
    strayWarnings([
      {kind: 'bootstrap-median-greater', n: [20, 20]},
      {kind: 'mcnemar', n: [1, 1]},
    ]),
  ).toEqual([expect.stringContaining('up to 8 % of cases') as string]);
});

// Five blocks in full agreement over three arms: χ² = N(k − 1) = 10, and with two degrees of freedom p = e⁻⁵ = .0067.
test('ranks: Friedman and Nemenyi where there are five tasks and three arms, apart for each number of labels', () => {
  const arms = {plain: 0.5, 'ltd-frozen': 0.6, ltd: 0.7};
  const tasks = ['a', 'b', 'c', 'd', 'e'];
  const all = ['100', '1000'].flatMap(labels =>
    tasks.flatMap((task, i) =>
      Object.entries(arms).flatMap(([arm, value]) =>
        runs(task, arm, [value + i / 100, value + i / 100 + 0.01]).map(s => ({...s, axis: {labels}})),
      ),
    ),
  );
  const some = runs('a', 'majority', [0.1]).map(s => ({...s, axis: {labels: '100'}}));
  const text = renderTable(ranks, of(results([...all, ...some])));
  expect(text).toContain('| dev, labels=100 | ltd | 1.0 | – |');
  expect(text).toContain('| dev, labels=1000 | plain | 3.0 | 0.004 |');
  expect(text).not.toContain('majority');
  const legend = ranks.legend?.(of(results(all))).join('\n');
  expect(legend).toContain("dev, labels=100: Friedman's test of 3 arms over 5 tasks: χ² = 10.0, p = 0.007");
  // q.05 of 3 arms is 2.343 after division by √2: 2.343 · √(3 · 4 / (6 · 5)) = 1.48
  expect(legend).toContain('1.48 or more apart differ at .05 (Nemenyi)');
  expect(renderTable(ranks, of(results(all.filter(s => s.task !== 'e'))))).toBe('');
  expect(ranks.legend?.(of(results([])))).toEqual([]);
});

test('results with the new tests are read as schema 1', () => {
  const written = JSON.stringify({schema: 1, pipeline: 'p', profile: '', scores: [], published: [], tests: [mcnemar]});
  expect(parseResults(written, 'results.json').tests[0]).toMatchObject({kind: 'mcnemar', onlyFirst: 90});
});
