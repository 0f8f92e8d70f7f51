import {createRandom, holm, mannWhitneyU, rankTestPower} from '../src/stats.ts';
import {type Bench, isSelected, type BenchOptions, type Row} from './harness/row.ts';
import {coverageCases} from './simulation/coverage.ts';
import {draw, type Shape, shapes} from './simulation/scores.ts';
import {tests} from './simulation/tests.ts';
import {twoSourceCases} from './simulation/two-sources.ts';

const sizes = [5, 10, 20];
const level = 0.05;

/**
 * Whether the tests keep their word: how often they find a difference at .05 where there is none, alone and in a family
 * under Holm, where there is one, and how often intervals hold the truth. `ours` is a share of the simulations with
 * standard error √(share·(1 − share)/runs), `theirs` what it should be.
 */
export default {
  name: 'simulate',
  run: async function* (options) {
    yield* falsePositives(options);
    yield* twoSources(options);
    yield* families(options);
    yield* power(options);
    yield* coverage(options);
  },
} satisfies Bench;

const row = (name: string, share: number, peer: string, theirs: number, runs: number): Row => ({
  bench: 'simulate',
  case: name,
  unit: 'share',
  ours: Number(share.toFixed(4)),
  peer,
  theirs,
  // Above 1: finds less than it may, holds more than it should.
  ratio: share === 0 ? null : Number((peer === 'at most' ? theirs / share : share / theirs).toPrecision(3)),
  runs,
});

const shareOf = (runs: number, isHit: (run: number) => boolean): number => {
  let hits = 0;
  for (let run = 0; run < runs; run++) if (isHit(run)) hits++;
  return hits / runs;
};

function* falsePositives(options: BenchOptions): Iterable<Row> {
  const runs = options.quick ? 200 : 2000;
  for (const [test, p] of Object.entries(tests)) {
    for (const shape of Object.keys(shapes) as Shape[]) {
      for (const n of sizes) {
        const name = `false positives, ${test}, ${shape}, n = ${n}`;
        if (!isSelected(name, options)) continue;
        // The same samples for every test.
        const random = createRandom(`${shape} ${n}`);
        const share = shareOf(runs, run => p(draw(shape, n, random), draw(shape, n, random), run) < level);
        yield row(name, share, 'at most', level, runs);
      }
    }
  }
}

/** Runs and examples drawn at once; fewer simulations, as each scores hundreds of resamples of all runs. */
function* twoSources(options: BenchOptions): Iterable<Row> {
  const runs = options.quick ? 50 : 1000;
  for (const {name, p} of twoSourceCases) {
    for (const n of sizes) {
      const title = `false positives, bootstrap over runs and examples, ${name}, n = ${n}`;
      if (!isSelected(title, options)) continue;
      const random = createRandom(`two sources ${n}`);
      const share = shareOf(runs, run => p(n, random, run) < level);
      yield row(title, share, 'at most', level, runs);
    }
  }
}

/** Ten comparisons without a difference, each of its own runs: any star at all is an error. */
function* families(options: BenchOptions): Iterable<Row> {
  const runs = options.quick ? 100 : 1000;
  for (const test of ['Mann-Whitney, exact', 'bootstrap of medians, re-centred', 'bootstrap of medians, pooled']) {
    for (const n of sizes) {
      const name = `any of ten under Holm, ${test}, n = ${n}`;
      if (!isSelected(name, options)) continue;
      const random = createRandom(`family ${n}`);
      const share = shareOf(runs, run => {
        const p = Array.from({length: 10}, () =>
          tests[test]!(draw('normal', n, random), draw('normal', n, random), run),
        );
        return holm(p).some(adjusted => adjusted < level);
      });
      yield row(name, share, 'at most', level, runs);
    }
  }
}

/** Normal scores; 2,000 simulations in SciPy are the peer. */
function* power(options: BenchOptions): Iterable<Row> {
  const runs = options.quick ? 500 : 4000;
  for (const [n, shift, theirs] of [
    [5, 1, 0.22],
    [10, 1, 0.51],
    [20, 1, 0.86],
    [20, 0.8, 0.67],
  ] as const) {
    const name = `power, Mann-Whitney, exact, ${shift} sd, n = ${n}`;
    if (!isSelected(name, options)) continue;
    yield row(name, rankTestPower(n, n, shift, {simulations: runs}), 'scipy, 2000 runs', theirs, runs);
    const random = createRandom(`power ${n}`);
    const share = shareOf(runs, () => {
      const x = draw('normal', n, random).map(value => value + shift);
      return mannWhitneyU(x, draw('normal', n, random), {method: 'exact'}).p < level;
    });
    yield row(`${name}, test by test`, share, 'scipy, 2000 runs', theirs, runs);
  }
}

function* coverage(options: BenchOptions): Iterable<Row> {
  const runs = options.quick ? 100 : 1000;
  for (const {name, shape, covers} of coverageCases) {
    for (const n of sizes) {
      const title = `coverage of 95 %, ${name}, ${shape}, n = ${n}`;
      if (!isSelected(title, options)) continue;
      const random = createRandom(`coverage ${shape} ${n}`);
      yield row(
        title,
        shareOf(runs, run => covers(n, random, run)),
        'at least',
        0.95,
        runs,
      );
    }
  }
}
