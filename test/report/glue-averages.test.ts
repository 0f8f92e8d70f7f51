import {expect, test} from 'vitest';
import {renderTable} from '../../src/report/table.ts';
import averages from '../../src/report/tables/glue-averages.ts';
import {results, runs} from './fixture.ts';

const of = (scores: Parameters<typeof results>[0]) => ({results: results(scores), cost: null});

/** Every column of GLUE for one arm and one seed; numbers chosen so that each average is another one. */
const whole = (arm: string) => [
  ...runs('cola', arm, [0.6], 'matthews'),
  ...runs('sst-2', arm, [0.9]),
  ...runs('mrpc', arm, [0.8]),
  ...runs('mrpc', arm, [0.9], 'f1'),
  ...runs('sts-b', arm, [0.88], 'pearson'),
  ...runs('sts-b', arm, [0.86], 'spearman'),
  ...runs('qqp', arm, [0.9]),
  ...runs('qqp', arm, [0.7], 'f1'),
  ...runs('mnli', arm, [0.84]),
  ...runs('mnli-mm', arm, [0.82]),
  ...runs('qnli', arm, [0.91]),
  ...runs('rte', arm, [0.7]),
  ...runs('wnli', arm, [0.56]),
];

test("each average has its own definition: GLUE's, BAM's, nine columns, DistilBERT's (worked out by hand)", () => {
  const [row] = averages.rows(of(whole('teacher')));
  // (60 + 90 + (80 + 90)/2 + (88 + 86)/2 + (90 + 70)/2 + (84 + 82)/2 + 91 + 70 + 56) / 9
  expect((row!['glue'] as {value: number}).value).toBeCloseTo(702 / 9, 10);
  // (60 + 90 + 80 + 86 + 90 + 84 + 91 + 70) / 8
  expect((row!['bam'] as {value: number}).value).toBeCloseTo(651 / 8, 10);
  // (84 + 82 + 70 + 90 + 91 + 90 + 70 + 60 + 86) / 9
  expect((row!['nine'] as {value: number}).value).toBeCloseTo(723 / 9, 10);
  // (60 + 84 + 90 + 91 + 90 + 70 + 90 + 86 + 56) / 9
  expect((row!['macro'] as {value: number}).value).toBeCloseTo(717 / 9, 10);
});

test('an average over fewer tasks says over which; an arm that lacks one of them has none', () => {
  const scores = [
    ...runs('rte', 'single', [0.6, 0.62]),
    ...runs('cola', 'single', [0.3, 0.36], 'matthews'),
    ...runs('qnli', 'single', [0.9, 0.92]),
    ...runs('rte', 'ablation', [0.6, 0.61]),
    ...runs('cola', 'ablation', [0.3, 0.32], 'matthews'),
    ...runs('rte', 'one-task', [0.6, 0.61]),
  ];
  const text = renderTable(averages, of(scores));
  // Seed 1: (60 + 30 + 90)/3, seed 2: (62 + 36 + 92)/3; their median and sample standard deviation.
  expect(text).toContain('| single | 61.7 ± 2.4 (n = 2) |');
  expect(text).not.toContain('ablation');
  expect(text).not.toContain('one-task');
  expect(averages.legend!(of(scores)).join('\n')).toContain('Here over 3 of 9: cola, qnli and rte; no match');
});

test('without tasks of GLUE there is no table', () => {
  expect(renderTable(averages, of(runs('topic', 'ltd', [0.7, 0.8])))).toBe('');
});
