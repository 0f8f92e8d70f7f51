import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {bootstrapInterval, createRandom, mannWhitneyU, pairedBootstrap} from '../src/stats.ts';
import {findProgram, repository} from './harness/places.ts';
import {isSelected, lowerIsBetter, type Bench, type Row} from './harness/row.ts';
import {timeRuns} from './harness/timing.ts';

interface Case {
  readonly name: string;
  readonly peer: string;
  /** The peer's name for it; null where the peer has no such thing, and why. */
  readonly request: string | {readonly reason: string};
  readonly unit: 'us' | 'ms';
  readonly runs: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  ours(x: readonly number[], y: readonly number[]): unknown;
}

/** The library's statistics against SciPy and NumPy on one thread; data are simulated, the same on both sides. */
export default {
  name: 'stats',
  run: async function* (options) {
    for (const item of cases()) {
      if (isSelected(item.name, options)) yield await measure(item, options.quick ? 3 : item.runs);
    }
  },
} satisfies Bench;

const cases = (): Case[] => {
  const random = createRandom('bench');
  const normals = (count: number, shift: number): number[] =>
    Array.from({length: count}, () => random.normal() + shift);
  const hits = (count: number, share: number): number[] =>
    Array.from({length: count}, () => (random.uniform() < share ? 1 : 0));
  const seeds = {x: normals(20, 0.8), y: normals(20, 0)};
  const tied = {x: seeds.x.map(value => Math.round(3 * value)), y: seeds.y.map(value => Math.round(3 * value))};
  const binary = {x: hits(5000, 0.8), y: hits(5000, 0.79)};
  const real = {x: normals(5000, 0.05), y: normals(5000, 0)};
  const exact: Case['ours'] = (x, y) => mannWhitneyU(x, y, {method: 'exact'});
  const interval: Case['ours'] = (x, y) =>
    bootstrapInterval([x, y], (a, b) => meanOf(a) - meanOf(b), {resamples: 100_000, method: 'percentile'});
  const paired: Case['ours'] = (x, y) => pairedBootstrap(x, y, {resamples: 10_000});
  const ties = {reason: "SciPy's exact test ignores ties: its p is another number"};
  return [
    {
      name: 'exact Mann-Whitney 20x20',
      peer: 'scipy',
      request: 'mann-whitney',
      unit: 'us',
      runs: 200,
      ...seeds,
      ours: exact,
    },
    {
      name: 'exact Mann-Whitney 20x20 with ties',
      peer: 'scipy',
      request: ties,
      unit: 'us',
      runs: 200,
      ...tied,
      ours: exact,
    },
    {
      name: 'bootstrap 100000 x (20, 20)',
      peer: 'numpy',
      request: 'bootstrap',
      unit: 'ms',
      runs: 20,
      ...seeds,
      ours: interval,
    },
    {
      name: 'bootstrap 100000 x (20, 20)',
      peer: 'scipy.stats.bootstrap',
      request: 'bootstrap-scipy',
      unit: 'ms',
      runs: 20,
      ...seeds,
      ours: interval,
    },
    {
      name: 'paired bootstrap 10000 x 5000, 0/1',
      peer: 'numpy multinomial',
      request: 'paired-counts',
      unit: 'ms',
      runs: 20,
      ...binary,
      ours: paired,
    },
    {
      name: 'paired bootstrap 10000 x 5000, real',
      peer: 'numpy',
      request: 'paired',
      unit: 'ms',
      runs: 10,
      ...real,
      ours: paired,
    },
  ];
};

const meanOf = (values: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
};

const measure = async (item: Case, runs: number): Promise<Row> => {
  const {x, y, unit} = item;
  const scale = unit === 'us' ? 1e6 : 1e3;
  const rounded = (seconds: number): number => Number((seconds * scale).toPrecision(4));
  // Compiled by the time it counts, as the peer's code is.
  const begin = performance.now();
  for (let warm = 0; warm < 2 || (warm < 200 && performance.now() - begin < 300); warm++) item.ours(x, y);
  const ours = await timeRuns(() => item.ours(x, y), {runs});
  const theirs = askPeer(item, runs);
  return lowerIsBetter({
    bench: 'stats',
    case: item.name,
    threads: 1,
    unit,
    ours: rounded(ours.median),
    peer: item.peer,
    theirs: 'reason' in theirs ? null : rounded(theirs.seconds),
    runs: ours.runs,
    ...('reason' in theirs && {reason: theirs.reason}),
  });
};

/** `BENCH_PYTHON` names another interpreter that has SciPy. */
const askPeer = ({request, x, y}: Case, runs: number): {seconds: number} | {reason: string} => {
  if (typeof request !== 'string') return request;
  const python = process.env['BENCH_PYTHON'] ?? findProgram('python3');
  if (!python) return {reason: 'python3 not installed'};
  const script = path.join(repository, 'bench', 'peers', 'stats_scipy.py');
  const env = {...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1'};
  const input = JSON.stringify({case: request, runs, x, y});
  const {status, stdout, stderr} = spawnSync(python, [script], {input, env, encoding: 'utf8'});
  if (status === 0) return JSON.parse(stdout) as {seconds: number};
  if (stderr?.includes('ModuleNotFoundError')) return {reason: 'scipy not installed: bash bench/setup.sh stats'};
  return {reason: stderr?.trim().split('\n').at(-1) ?? 'python3 could not be started'};
};
