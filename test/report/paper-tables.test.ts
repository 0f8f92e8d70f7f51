import {readdirSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import type {ReportData} from '../../src/report/data.ts';
import type {PublishedTable} from '../../src/report/paper/published-table.ts';
import * as bam from '../../src/report/published/bam.ts';
import * as distilbert from '../../src/report/published/distilbert.ts';
import * as lrcBert from '../../src/report/published/lrc-bert.ts';
import {renderTable, type AnyTable} from '../../src/report/table.ts';
import bam1 from '../../src/report/tables/bam-1.ts';
import bam4 from '../../src/report/tables/bam-4.ts';
import distilbert3 from '../../src/report/tables/distilbert-3.ts';
import distilbert4 from '../../src/report/tables/distilbert-4.ts';
import headline from '../../src/report/tables/ltd-bert-headline.ts';
import labels from '../../src/report/tables/ltd-bert-labels.ts';
import {cost, curve, results, runs} from './fixture.ts';

const of = (r: ReturnType<typeof results>): ReportData => ({results: r, cost: null});
const folder = path.join(import.meta.dirname, '../../src/report/tables');

const published: Readonly<Record<string, PublishedTable>> = Object.fromEntries(
  [bam, distilbert, lrcBert].flatMap(module =>
    Object.entries(module).filter((entry): entry is [string, PublishedTable] => 'columns' in (entry[1] as object)),
  ),
);

test('every table of the three papers has its file', () => {
  const names = readdirSync(folder).map(file => path.basename(file, '.ts'));
  for (const n of [1, 3, 4, 5]) expect(names).toContain(`bam-${n}`);
  for (const n of [1, 2, 3, 4, 5]) expect(names).toContain(`lrc-bert-${n}`);
  for (const n of [1, 2, 3, 4]) expect(names).toContain(`distilbert-${n}`);
  expect(names).toEqual(expect.arrayContaining(['ltd-bert-headline', 'ltd-bert-labels']));
});

describe('published numbers', () => {
  test.each(Object.entries(published))('%s: a value or a gap for each column', (_, table) => {
    for (const [row, values] of Object.entries(table.rows)) expect([row, values]).toHaveLength(2);
    for (const values of Object.values(table.rows)) expect(values).toHaveLength(table.columns.length);
    for (const row of Object.keys({...table.read, ...table.stars})) expect(table.rows).toHaveProperty([row]);
  });

  // A slip of the finger in one cell would move the mean of its row: each paper's average is the mean of its columns.
  test.each([
    ['bam1', 'Avg', 0.06],
    ['lrc1', 'Avg', 0.06],
    ['distilbert1', 'Score', 0.25],
  ])('%s: rows give their printed average', (name, average, slack) => {
    const {columns, rows} = published[name]!;
    for (const values of Object.values(rows)) {
      const others = values.filter((_, i) => columns[i] !== average) as number[];
      const mean = others.reduce((sum, v) => sum + v, 0) / others.length;
      expect(Math.abs(mean - (values[columns.indexOf(average)] as number))).toBeLessThanOrEqual(slack);
    }
  });
});

test.each(readdirSync(folder).filter(file => /^(bam|lrc-bert|distilbert)-\d/.test(file)))(
  '%s: without rows of ours the published numbers stand alone, and it says so',
  async file => {
    const {default: table} = (await import(path.join(folder, file))) as {default: AnyTable<ReportData>};
    const text = renderTable(table, of(results([])));
    expect(text).not.toMatch(/\| ours|undefined|NaN/);
    expect(table.legend?.(of(results([])))[0]).toBe(
      'None of our arms is in this table yet: only published numbers are printed.',
    );
  },
);

/** `n` runs around a centre, in steps of .002: no test can mistake two centres that are .1 apart. */
const around = (centre: number, n: number): number[] => Array.from({length: n}, (_, i) => centre + 0.002 * (i - n / 2));

const glueSmall = (arm: string, shift: number, n = 20) => [
  ...runs('rte', arm, around(0.6 + shift, n)),
  ...runs('mrpc', arm, around(0.8 + shift, n)),
  ...runs('mrpc', arm, around(0.85 + shift, n), 'f1'),
  ...runs('cola', arm, around(0.3 + shift, n), 'matthews'),
];

test('BAM 1: ours above the published, stars against both, the average over the tasks that are there', () => {
  const scores = [...glueSmall('single', 0), ...glueSmall('multi', 0.001), ...glueSmall('single-multi', 0.1)];
  const data = of(results(scores));
  expect(renderTable(bam1, data)).toMatchInlineSnapshot(`
    "| | | Avg | CoLA | SST-2 | MRPC | STS-B | QQP | MNLI | QNLI | RTE | Seeds |
    | - | - | -: | -: | -: | -: | -: | -: | -: | -: | -: | -: |
    | Single | ours | 56.6 ± 1.2 | 29.9 ± 1.2 | – | 79.9 ± 1.2 | – | – | – | – | 59.9 ± 1.2 | 20 |
    | Single | published | 84.0 | 60.6 | 93.2 | 88.0 | 90.0 | 91.3 | 86.6 | 92.3 | 70.4 | |
    | Multi | ours | 56.7 ± 1.2 | 30.0 ± 1.2 | – | 80.0 ± 1.2 | – | – | – | – | 60.0 ± 1.2 | 20 |
    | Multi | published | 85.5 | 60.3 (unverified) | 93.3 (unverified) | 88.0 (unverified) | 89.8 (unverified) | 91.4 (unverified) | 86.5 (unverified) | 92.2 (unverified) | 82.1 (unverified) | |
    | Single→Single | published | 84.3 (unverified) | 61.7\\*\\* (unverified) | 93.2 (unverified) | 88.7\\* (unverified) | 90.0 (unverified) | 91.4\\*\\* (unverified) | 86.8\\*\\* (unverified) | 92.5\\*\\*\\* (unverified) | 70.0 | |
    | Multi→Multi | published, unverified | 85.6 | 60.9 | 93.5 | 88.1 | 89.8 | 91.5\\* | 86.7 | 92.3 | 82.0 | |
    | Single→Multi | ours | **66.6**\\*\\*\\* ± 1.2 | **39.9**\\*\\*\\* ± 1.2 | – | **89.9**\\*\\*\\* ± 1.2 | – | – | – | – | **69.9**\\*\\*\\* ± 1.2 | 20 |
    | Single→Multi | published | 86.0\\*\\*\\* | 61.8\\*\\* (unverified) | 93.6\\* (unverified) | 89.3\\*\\* (unverified) | 89.7 (unverified) | 91.6\\* (unverified) | 87.0\\*\\*\\* (unverified) | 92.5\\*\\*\\* (unverified) | 82.8\\* | |
    "
  `);
  expect(bam1.legend?.(data)).toMatchInlineSnapshot(`
    [
      "Ours: scores × 100, the median over seeds ± the sample standard deviation.",
      "\\*, \\*\\*, \\*\\*\\*: better than all of \`single\` and \`multi\` with p < .05, .01, .001 (the largest p counts) by a two-sided bootstrap test of the difference of medians over seeds, after Holm over the 8 tests of this table.",
      "Bootstrap test of the difference of medians over seeds, two-sided. All resamples draw each arm's scores with replacement after shifting them so that both medians are equal; p is the probability, computed without drawing, that a resample's difference of medians is at least as large as the observed one in absolute value. It is never taken as smaller than fully separated runs could show: 2 / C(n + m, n).",
      "The paper names "bootstrap hypothesis tests" but does not define the procedure: ours need not be theirs.",
      "Bold: better than every other arm of its column by more than seed noise (exact Mann-Whitney, p < .05 after Holm over the arms).",
      "Avg, ours: each seed's mean over cola, mrpc and rte, 3 of the paper's 8 columns: not comparable with the published one.",
      "Published: BAM, Table 1 (BERT-Large, GLUE dev, medians over at least 20 seeds); source: memory; the row Single as reprinted by ELECTRA and RoBERTa, two averages and two RTE scores from images of other tables of the paper.",
      ""unverified": not read in the paper itself, so that the number may be wrong.",
      "Published stars: p < .05, .01, .001 for an improvement over both Single and Multi; all of them are unverified.",
    ]
  `);
});

test('BAM 1: better than one of the two is no star', () => {
  const scores = [...glueSmall('single', 0), ...glueSmall('multi', 0.1), ...glueSmall('single-multi', 0.05)];
  expect(renderTable(bam1, of(results(scores)))).not.toMatch(/\| Single→Multi \| ours .*\\\*/);
});

test('BAM 4 and DistilBERT 4: ablations as differences with interval and p', () => {
  const scores = [...glueSmall('single-multi', 0), ...glueSmall('no-task-sampling', -0.004, 10)];
  const text = renderTable(bam4, of(results(scores)));
  expect(text).toMatch(/\| No task sampling \| ours \| −0\.\d \[−\d\.\d, [+−]\d\.\d\] \(p = [\d.]+\) \| 10 \|/);
  expect(text).toContain('| No task sampling | published | −0.4 | |');
  expect(renderTable(distilbert4, of(results([])))).toContain('| without L_ce | published | −2.96 |');
});

test('p is after Holm over all tests of the table', () => {
  // two ablations with the same runs: each p counts twice. scipy 1.17.1: mannwhitneyu(x, y, method='exact') of 5 separated
  // from 5 is 2/252 = .0079365
  const scores = [
    ...runs('rte', 'single-multi', [0.6, 0.61, 0.62, 0.63, 0.64]),
    ...['no-task-sampling', 'no-layer-rates'].flatMap(arm => runs('rte', arm, [0.5, 0.51, 0.52, 0.53, 0.54])),
  ];
  expect(renderTable(bam4, of(results(scores)))).toMatch(/No task sampling \| ours \| .*\(p = 0\.016\)/);
});

test('a table of sizes and seconds is filled from the cost, and says what its seconds are', () => {
  const models = [{...cost.student, arm: 'distilbert'}];
  const data = {results: results([]), cost: {...cost, models}};
  expect(distilbert3.timed).toBe(true);
  // 1,000 sentences at 2,400 a second
  expect(renderTable(distilbert3, data)).toContain('| DistilBERT | ours | 1.8 | 0.4 |');
  expect(distilbert3.legend?.(data).join('\n')).toContain('for 1000 sentences one at a time on 2 threads');
});

test("LTD-BERT's headline, and the two arms by number of labels", () => {
  const distillation = [1, 2, 3].map(seed => curve('ltd', seed));
  expect(renderTable(headline, of(results([], {distillation})))).toMatchInlineSnapshot(`
    "| What | Published | Ours |
    | - | -: | -: |
    | Size of the student | 22M | – |
    | Storage against the teacher | about 1/20 | – |
    | Speed of prediction against the teacher | more than 80× | – |
    | Sentences distilled from | millions | 100,000 |
    | Mean cosine to the teacher's vectors | – | 0.748 |
    | Correlation with the teacher's similarities | – | 0.706 |
    "
  `);
  const by = (count: string, shift: number) =>
    [...runs('sst-2', 'ltd', around(0.8 + shift, 20)), ...runs('sst-2', 'plain', around(0.7 + 2 * shift, 20))].map(
      score => ({...score, axis: {labels: count}}),
    );
  const data = of(results([...by('4000', 0.05), ...by('500', 0)]));
  expect(renderTable(labels, data)).toMatchInlineSnapshot(`
    "| Task | Kind | Metric | Labels | plain | ltd | Difference | p adjusted | Seeds |
    | - | - | - | -: | -: | -: | -: | -: | -: |
    | sst-2 | classification | accuracy | 500 | 69.9 ± 1.2 | 79.9 ± 1.2 | +10.0 [+8.8, +11.2] | 3e−11 | 20, 20 |
    | sst-2 | classification | accuracy | 4000 | 79.9 ± 1.2 | 84.9 ± 1.2 | +5.0 [+3.8, +6.1] | 3e−11 | 20, 20 |
    "
  `);
});
