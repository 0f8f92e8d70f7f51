import {describe, expect, test} from 'vitest';
import {diffResults} from '../../src/report/diff.ts';
import {diffMarkdown} from '../../src/report/diff-markdown.ts';
import type {Results} from '../../src/report/results.ts';
import {cost, curve, experiment, results, runs} from './fixture.ts';

const diff = (old: Results, now: Results) => diffResults({results: old, cost: null}, {results: now, cost: null});

const spread = [0.5, 0.51, 0.52, 0.53, 0.54];
const shifted = (values: readonly number[], by: number): number[] => values.map(v => v + by);

/** Verdicts of one arm on some tasks whose runs go from `old` to `now`. */
const verdicts = (old: readonly number[], now: readonly number[], tasks = ['x']) =>
  diff(results(tasks.flatMap(t => runs(t, 'ltd', old))), results(tasks.flatMap(t => runs(t, 'ltd', now)))).changed.map(
    c => c.verdict,
  );

describe('verdicts', () => {
  test('the same', () => {
    const same = diff(experiment(), experiment());
    expect(same).toMatchObject({same: true, changed: [], added: [], removed: [], unchanged: 18});
    expect(diffMarkdown(same)).toContain('The results are the same: 18 cells, none differs.');
  });
  test('the last bits of another processor are no difference', () =>
    expect(verdicts(spread, shifted(spread, 1e-12))).toEqual([]));
  test('noise', () => expect(verdicts(spread, shifted(spread, 0.005))).toEqual(['noise']));
  test('changed', () => expect(verdicts(spread, shifted(spread, 0.1))).toEqual(['changed']));
  test('one seed', () => expect(verdicts([0.5], [0.6])).toEqual(['changed (one seed)']));
  test('three seeds apart: too few to test', () =>
    expect(verdicts([0.5, 0.51, 0.52], [0.7, 0.71, 0.72])).toEqual(['changed (too few seeds to test)']));
  test('three seeds that overlap', () => expect(verdicts([0.5, 0.51, 0.52], [0.505, 0.515, 0.525])).toEqual(['noise']));
  test('five seeds on many tasks: Holm could never pass, and what is far apart is still called changed', () => {
    const tasks = Array.from({length: 12}, (_, i) => `t${i}`);
    expect(new Set(verdicts(spread, shifted(spread, 0.1), tasks))).toEqual(new Set(['changed']));
    expect(new Set(verdicts(spread, shifted(spread, 0.005), tasks))).toEqual(new Set(['noise']));
  });
});

test('p is the exact Mann-Whitney p, Holm over the cells that differ', () => {
  // scipy 1.17.1: mannwhitneyu([.6,.61,.62,.63,.64], [.5,.51,.52,.53,.54], method='exact').pvalue = 0.007936507936507936
  const tasks = ['x', 'y'];
  const before = results([...tasks.flatMap(t => runs(t, 'ltd', spread)), ...runs('z', 'ltd', spread)]);
  const after = results([...tasks.flatMap(t => runs(t, 'ltd', shifted(spread, 0.1))), ...runs('z', 'ltd', spread)]);
  const {changed, unchanged, correction} = diff(before, after);
  expect(correction).toBe('holm');
  expect(unchanged).toBe(1);
  for (const cell of changed) {
    expect(cell.p).toBeCloseTo(0.007936507936507936, 15);
    expect(cell.adjusted).toBeCloseTo(2 * 0.007936507936507936, 15);
    expect(cell.difference).toBeCloseTo(0.1, 12);
  }
});

test('cells that came and went, more seeds, tests, sizes and published figures', () => {
  const test5 = {kind: 'bootstrap', task: 'x', a: 'ltd', b: 'plain', p: 0.01, adjusted: 0.04, effect: 0.1, n: [5, 5]};
  const old = results([...runs('x', 'ltd', spread), ...runs('x', 'plain', spread)], {tests: [test5]});
  const now = results([...runs('x', 'ltd', [...spread, 0.55]), ...runs('x', 'lsa', [0.4])], {
    tests: [{...test5, adjusted: 0.08}],
    published: [{paper: 'P', what: 'size', value: '22M', verified: true, source: 's'}],
    sizes: {teacher: {name: 't', bytes: 28e6, parameters: 7e6}, student: {name: 's', bytes: 7e6, parameters: 1e6}},
  });
  expect(diffMarkdown(diff(old, now))).toMatchInlineSnapshot(`
    "**Reproduced within noise: 1 of 1 cell differs, none by more than seed noise; 1 cell came; 1 cell went.**

    ### Headline

    | Task | Metric | Arm | Old | New | Difference | Interval | p | p adjusted | A12 | Seeds | Verdict |
    | - | - | - | -: | -: | -: | -: | -: | -: | -: | -: | -: |
    | x | accuracy (dev) | ltd | 52.0 | 52.5 | +0.5 | −2.5 … +3.5 | 0.77 | 0.77 | 0.58 | 5 → 6 | noise |
    | x | accuracy (dev) | plain | 52.0 | – | – | – | – | – | – | 5 | went |

    p: two-sided exact Mann-Whitney over seeds, adjusted by Holm over 1 cell that differs; "noise" means adjusted p ≥ .05, which isn't proof of no change. Interval: 95 % of the difference of medians, by the bootstrap. A12: how often a new run beats an old one.

    1 column came: \`lsa\`.

    1 column went: \`plain\`.

    ### Cells that came

    | Task | Metric | Arm | Median | Seeds |
    | - | - | - | -: | -: |
    | x | accuracy (dev) | lsa | 40.0 | 1 |

    ### Cells that went

    | Task | Metric | Arm | Median | Seeds |
    | - | - | - | -: | -: |
    | x | accuracy (dev) | plain | 52.0 | 5 |

    ### Tests

    | Comparison | Adjusted p, old | New |
    | - | -: | -: |
    | ltd − plain, x, bootstrap | 0.040 * | 0.080 |

    \`*\`: below .05

    ### Published figures

    | Figure | Old | New |
    | - | -: | -: |
    | P: size | – | 22M |

    ### Sizes

    | Model | Old | New |
    | - | -: | -: |
    | teacher | – | 28.0 MB, 7,000,000 parameters |
    | student | – | 7.0 MB, 1,000,000 parameters |
    "
  `);
});

test('how close the student came is a cell like any other', () => {
  const [old, now] = [0, 0.2].map(by =>
    results([], {
      distillation: [1, 2, 3, 4, 5].map(seed => {
        const {arm, final} = curve('ltd', seed);
        return {arm, seed, final: {heldOutCosine: (final.heldOutCosine ?? 0) - by}};
      }),
    }),
  ) as [Results, Results];
  expect(diff(old, now).changed).toMatchObject([{task: 'distillation', metric: 'heldOutCosine', verdict: 'changed'}]);
});

test('timings are told, and make no results differ', () => {
  const slower = {...cost, student: {...cost.student, sentencesPerSecond: {batch1: 1200, batch32: 6000}}};
  const timed = diffResults({results: experiment(), cost}, {results: experiment(), cost: slower});
  expect(timed.same).toBe(true);
  expect(timed.timings).toEqual([{what: 'student, sentences a second, one at a time', old: 2400, new: 1200}]);
  expect(diffMarkdown(timed)).toContain('| student, sentences a second, one at a time | 2400.0 | 1200.0 | 0.50 |');
});

test('what is cut for length is counted', () => {
  const tasks = Array.from({length: 30}, (_, i) => `t${i}`);
  const [old, now] = [0, 0.1].map(by => results(tasks.flatMap(t => runs(t, 'ltd', shifted(spread, by))))) as [
    Results,
    Results,
  ];
  const text = diffMarkdown(diff(old, now), 5);
  expect(text.match(/^\| t\d/gm)).toHaveLength(5);
  expect(text).toContain('… and 25 more rows, left out for length.');
});

describe('names, tolerances, directions', () => {
  const old = results([...runs('x', 'ltd', spread), ...runs('x', 'plain', shifted(spread, -0.2))]);

  test('an arm with another name and the same runs is no change of a number', () => {
    const now = results([...runs('x', 'distilled', spread), ...runs('x', 'plain', shifted(spread, -0.2))]);
    const found = diff(old, now);
    expect(found).toMatchObject({same: false, changed: [], added: [], removed: [], unchanged: 2, regression: false});
    expect(found.renamed).toMatchObject([{old: {arm: 'ltd'}, new: {arm: 'distilled'}}]);
    expect(diffMarkdown(found)).toContain('- `x (accuracy), ltd` is now `x (accuracy), distilled`');
  });
  test('an arm that was renamed and trained anew has to be named', () => {
    const now = results([
      ...runs('x', 'distilled', shifted(spread, 0.1)),
      ...runs('x', 'plain', shifted(spread, -0.2)),
    ]);
    expect(diff(old, now)).toMatchObject({changed: [], arms: {came: ['distilled'], went: ['ltd']}});
    const named = diffResults({results: old, cost: null}, {results: now, cost: null}, {renamed: {ltd: 'distilled'}});
    expect(named.changed).toMatchObject([{arm: 'distilled', verdict: 'changed'}]);
  });
  test('a constant that two tasks share is no renaming', () => {
    const constant = [0.5, 0.5, 0.5];
    const found = diff(results(runs('x', 'majority', constant)), results(runs('y', 'majority', constant)));
    expect(found).toMatchObject({renamed: [], added: [{task: 'y'}], removed: [{task: 'x'}]});
  });
  test('a tolerance takes a change out, of its metric alone', () => {
    const now = results([...runs('x', 'ltd', shifted(spread, 0.06)), ...runs('x', 'plain', shifted(spread, -0.2))]);
    const verdict = (tolerances: Record<string, number>) =>
      diffResults({results: old, cost: null}, {results: now, cost: null}, {tolerances}).changed[0]?.verdict;
    expect(verdict({})).toBe('changed');
    expect(verdict({accuracy: 0.06})).toBe('within tolerance');
    expect(verdict({accuracy: 0.05})).toBe('changed');
    expect(verdict({f1: 0.5})).toBe('changed');
  });
  test('worse is a regression, noise is none, and of a loss less is better', () => {
    const to = (by: number, metric = 'accuracy') =>
      diff(results(runs('x', 'ltd', spread, metric)), results(runs('x', 'ltd', shifted(spread, by), metric)))
        .regression;
    expect([to(-0.1), to(0.1), to(-0.005)]).toEqual([true, false, false]);
    expect([to(-0.1, 'loss'), to(0.1, 'loss')]).toEqual([false, true]);
  });
  test('the headline is told in any case, the noise of others folded', () => {
    const more = (by: number) => [...old.scores, ...runs('x', 'lsa', shifted(spread, by))];
    const text = diffMarkdown(diff(results(more(0)), results(more(0.004))));
    expect(text).toContain('| x | accuracy (dev) | ltd | 52.0 | 52.0 | 0.0 | – | – | – | – | 5 | same |');
    expect(text).toMatch(
      /<summary>1 more cell within noise<\/summary>\n\n\|[^]*\| x \| accuracy \(dev\) \| lsa[^]*<\/details>/,
    );
  });
  test('the interval is of the difference, and holds it', () => {
    const [cell] = diff(
      old,
      results([...runs('x', 'ltd', shifted(spread, 0.1)), ...runs('x', 'plain', spread)]),
    ).changed;
    const [low, high] = cell!.interval!;
    expect(low).toBeLessThanOrEqual(cell!.difference);
    expect(high).toBeGreaterThanOrEqual(cell!.difference);
    expect(low).toBeGreaterThan(0);
    expect(cell!.effect).toBe(1);
  });
});
