import {describe, expect, test} from 'vitest';
import {renderTable} from '../../src/report/table.ts';
import acrossTasks from '../../src/report/tables/across-tasks.ts';
import comparisons from '../../src/report/tables/comparisons.ts';
import published from '../../src/report/tables/published.ts';
import ltdBert from '../../src/report/published/ltd-bert.ts';
import scores from '../../src/report/tables/scores.ts';
import teacherMatch from '../../src/report/tables/teacher-match.ts';
import {cost, curve, experiment, results, runs} from './fixture.ts';

const of = (r: ReturnType<typeof results>) => ({results: r, cost: null});

test('arms that ran once are compared over examples, and that decides nothing', () => {
  const five = {task: 't', a: 'ltd', b: 'plain', metric: 'accuracy', n: [5, 5] as [number, number], effect: null};
  const once = {...five, a: 'teacher-idf', b: 'teacher', n: [1, 1] as [number, number]};
  const over = {
    kind: 'seeds-and-examples',
    alternative: 'two-sided' as const,
    p: 0.002,
    adjusted: 0.004,
    examples: 900,
  };
  const rank = {kind: 'mann-whitney', alternative: 'two-sided' as const};
  const found = of(
    results(
      [
        ...runs('t', 'ltd', [0.7, 0.72, 0.74, 0.71, 0.73]),
        ...runs('t', 'plain', [0.5, 0.51, 0.52, 0.53, 0.54]),
        ...runs('t', 'teacher-idf', [0.8]),
        ...runs('t', 'teacher', [0.82]),
      ],
      {
        tests: [
          {
            ...five,
            kind: 'bootstrap-median',
            alternative: 'two-sided',
            p: 0.001,
            adjusted: 0.002,
            interval: [0.1, 0.2],
          },
          {...five, ...over, interval: [0.1, 0.2]},
          {...once, ...rank, p: 1, adjusted: 1},
          {...once, ...over, interval: [-0.03, -0.01]},
        ],
      },
    ),
  );
  const lines = renderTable(comparisons, found).split('\n');
  expect(lines.find(line => line.includes('teacher-idf'))).toBe(
    '| teacher-idf − teacher | t (accuracy) | −2.0 | – | 1.00 | −3.0 … −1.0 | 0.004 | – | – | – | – | 1, 1 |',
  );
  const legend = comparisons.legend!(found);
  expect(legend.filter(line => line.startsWith('p adjusted')).map(line => line.slice(0, 40))).toEqual([
    'p adjusted: a two-sided bootstrap test o',
    'p adjusted below 5 seeds: the exact two-',
  ]);
  expect(legend).toContain('With examples, of arms that ran once: over the examples alone; another training may differ by more.'); // prettier-ignore
});

describe('scores', () => {
  test('medians, spread, stars and bold', () =>
    expect(renderTable(scores, of(experiment()))).toMatchInlineSnapshot(`
    "| Task | Metric | Split | majority | tfidf-lr | teacher-lr | plain | ltd-frozen | ltd | Seeds |
    | - | - | - | -: | -: | -: | -: | -: | -: | -: |
    | topic | accuracy | dev | 8.6 | 57.4 ± 0.4 | 64.3 ± 0.4 | 47.0 ± 1.1 | 67.6 ± 0.2 | **72.0**\\*\\*\\* ± 0.5 | 5 |
    | entail | accuracy | dev | 50.0 | 66.0 ± 0.5 | 77.0 ± 0.3 | 54.5 ± 1.0 | 78.5 ± 0.8 | 77.6\\*\\*\\* ± 0.6 | 5 |
    | sim | spearman | dev | 0.0 | 28.1 ± 0.6 | 37.7 ± 0.5 | 6.6 ± 4.1 | 55.3 ± 0.6 | **57.4**\\*\\*\\* ± 1.2 | 5 |
    "
  `));

  test('the legend is made from the tests that were made', () =>
    expect(scores.legend?.(of(experiment())).join('\n')).toMatchInlineSnapshot(`
      "Scores × 100: the median over 5 seeds, ± the sample standard deviation over seeds; \`majority\` ran once.
      \\*, \\*\\*, \\*\\*\\*: \`ltd\` is better than \`plain\` with p < .05, .01, .001 by a two-sided bootstrap test of the difference of medians over seeds, resampling each arm from its own runs, shifted to equal medians, after the Holm correction for 3 comparisons.
      BAM (Clark et al., 2019), whose tables have these stars, names "bootstrap hypothesis tests" but does not define the procedure: ours need not be theirs.
      Bold: better than every other arm by more than seed noise (exact Mann-Whitney, p < .05 after Holm over the arms; above each arm that ran once in all seeds)."
    `));

  test('the best is not bold where another is within seed noise', () => {
    const close = [
      ...runs('t', 'ltd', [0.7, 0.72, 0.74, 0.71, 0.73]),
      ...runs('t', 'plain', [0.69, 0.715, 0.735, 0.7, 0.72]),
    ];
    expect(renderTable(scores, of(results(close)))).not.toContain('**');
    const apart = [
      ...runs('t', 'ltd', [0.7, 0.72, 0.74, 0.71, 0.73]),
      ...runs('t', 'plain', [0.5, 0.51, 0.52, 0.53, 0.54]),
    ];
    expect(renderTable(scores, of(results(apart)))).toContain('**72.0** ± 1.6');
  });

  test('no arm is bold beside a single run that one of its seeds does not pass', () => {
    const rows = [...runs('t', 'ltd', [0.7, 0.72, 0.74, 0.71, 0.73]), ...runs('t', 'majority', [0.705])];
    expect(renderTable(scores, of(results(rows)))).not.toContain('**');
  });

  test('a worse arm gets no stars, however small its p', () => {
    const rows = [...runs('t', 'ltd', [0.5, 0.51, 0.5, 0.51, 0.5]), ...runs('t', 'plain', [0.7, 0.71, 0.7, 0.71, 0.7])];
    const tests = [
      {kind: 'bootstrap', task: 't', a: 'ltd', b: 'plain', p: 0.001, adjusted: 0.001, effect: -0.2, n: [5, 5]},
    ];
    expect(renderTable(scores, of(results(rows, {tests})))).not.toContain('\\*');
  });

  test('without tests there are no stars, and the legend says why', () => {
    const bare = {...experiment(), tests: []};
    expect(renderTable(scores, of(bare))).not.toContain('\\*');
    expect(scores.legend?.(of(bare)).join('\n')).toContain('No stars: there are no tests of `ltd` against `plain`');
  });
});

test('comparisons', () => {
  const all = experiment();
  expect(renderTable(comparisons, of(all))).toMatchInlineSnapshot(`
    "| Arms | Task | Difference | Interval | p adjusted | Interval, with examples | p adjusted, with examples | A12 | Cliff's δ | p rank | smallest | Seeds |
    | - | - | -: | -: | -: | -: | -: | -: | -: | -: | -: | -: |
    | ltd − plain | topic (accuracy) | +25.0 | +22.0 … +28.0 | 6e−4 | +20.0 … +29.0 | 0.002 | 1.00 [0.64, 1.00] | +1.00 large | 0.008 | 0.008 | 5, 5 |
    | ltd − plain | entail (accuracy) | +23.1 | +22.0 … +28.0 | 6e−4 | +20.0 … +29.0 | 0.002 | 1.00 [0.64, 1.00] | +1.00 large | 0.008 | 0.008 | 5, 5 |
    | ltd − plain | sim (spearman) | +50.8 | +22.0 … +28.0 | 6e−4 | +20.0 … +29.0 | 0.002 | 1.00 [0.64, 1.00] | +1.00 large | 0.008 | 0.008 | 5, 5 |
    "
  `);
  expect(comparisons.legend?.(of(all)).join('\n')).toMatchInlineSnapshot(`
    "Difference: of the medians over seeds, × 100.
    Intervals: 95 %, by the bootstrap.
    p adjusted: a two-sided bootstrap test of the difference of medians over seeds, resampling each arm from its own runs, shifted to equal medians, after the Holm correction for 3 comparisons.
    With examples: a bootstrap over seeds and evaluation examples at once, of the difference of means, after the Holm correction for 3 comparisons.
    A12: how often a run of the first arm beats one of the second, ties counting half, with its 95 % interval (Newcombe, 2006); Cliff's δ = 2 A12 − 1, called negligible, small, medium or large at .147, .33, .474.
    p rank: exact two-sided Mann-Whitney over seeds, ties counted, not corrected; beside it the smallest p that so many seeds could give."
  `);
});

test('teacher-match: beside an untrained student and a bag of words', () => {
  const distillation = [1, 2, 3].map(seed => curve('ltd', seed));
  expect(renderTable(teacherMatch, of(results([], {distillation})))).toMatchInlineSnapshot(`
    "| Arm | On held-out sentences | Student | Untrained student | Bag of words | Runs |
    | - | - | -: | -: | -: | -: |
    | ltd | Mean cosine to the teacher | 0.748 ± 0.004 | 0.020 | 0.520 | 3 |
    | ltd | Correlation with the teacher's similarities | 0.706 ± 0.003 | 0.310 | 0.440 | 3 |
    "
  `);
});

test('published: unverified figures say so; timings only where the cost is', () => {
  const figures = [...ltdBert, {paper: 'X', what: 'Y', value: '1', verified: false, source: 'memory'}];
  const distillation = [1, 2].map(seed => curve('ltd', seed));
  const sizes = {
    teacher: {name: 'teacher', bytes: 28e6, parameters: 7e6},
    student: {name: 'student', bytes: 7e6, parameters: 1.75e6},
  };
  const data = results([], {published: figures, distillation, sizes});
  expect(renderTable(published, {results: data, cost: null})).toMatchInlineSnapshot(`
    "| Paper | What | Published | Ours | Note |
    | - | - | -: | -: | - |
    | LTD-BERT | Size of the student | 22M | 7.0 MB, 1.75 M parameters | The text does not say whether megabytes or parameters; the ratio below fits megabytes. |
    | LTD-BERT | Storage against the teacher | about 1/20 | 1/4.0 | Its teacher is BERT-base. |
    | LTD-BERT | Speed of prediction against the teacher | more than 80× | see [cost.md](cost.md) | On a machine with 4 CPU cores; batch and length are not given. |
    | LTD-BERT | Sentences distilled from | millions | 100,000 | |
    | X | Y | 1 (unverified) | – | |
    "
  `);
  expect(renderTable(published, {results: data, cost})).toContain(
    '8.00× one at a time, 10.0× in batches of 32, 2 threads',
  );
});

test('across tasks: one line a pair, with what so many seeds could have seen', () => {
  const data = of(experiment());
  expect(renderTable(acrossTasks, data)).toMatchInlineSnapshot(`
    "| Arms | Tasks | Probability of improvement | Interquartile mean, first | second | Better on | Seen difference |
    | - | -: | -: | -: | -: | -: | -: |
    | ltd − plain | 3 | 1.00 [1.00, 1.00] | 70.1 [69.7, 70.4] | 40.3 [39.1, 41.0] | 3 of 3 | 2.3 |
    "
  `);
  expect(acrossTasks.legend?.(data)[1]).toContain('too narrow for as few as 5 seeds');
  // one task is no "across"
  const one = {...experiment(), scores: experiment().scores.filter(s => s.task === 'topic')};
  expect(renderTable(acrossTasks, of(one))).toBe('');
});
