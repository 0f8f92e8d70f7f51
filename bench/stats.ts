import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {findProgram, repository} from './harness/places.ts';
import {isSelected, lowerIsBetter, type Bench, type Row} from './harness/row.ts';
import {median} from './harness/timing.ts';
import {type Case, cases} from './statistics/cases.ts';

/**
 * The library's statistics against SciPy and NumPy, each on one thread. Times are of the processor, not of the clock, so
 * that a busy machine hardly moves the ratios.
 */
export default {
  name: 'stats',
  run: async function* (options) {
    for (const item of cases()) {
      if (!isSelected(item.name, options)) continue;
      const runs = options.quick ? 5 : 15;
      const ours = await cpuSecondsOf(() => item.ours(item.x, item.y), runs);
      for (const {peer, request, reason} of item.peers) {
        const theirs = request === null ? {reason: reason ?? ''} : askPeer(request, item, runs);
        yield rowOf(item, peer, ours, theirs, runs);
      }
    }
  },
} satisfies Bench;

/** Median over runs of a call's processor time; short calls are repeated, as the clock ticks in microseconds. */
const cpuSecondsOf = async (action: () => unknown, runs: number): Promise<number> => {
  const secondsOf = (calls: number): number => {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call++) action();
    const {user, system} = process.cpuUsage(before);
    return (user + system) / 1e6 / calls;
  };
  // Compiled by the time it counts, as the peer's code is; compiling goes on beside the first calls.
  const begin = performance.now();
  while (performance.now() - begin < 500) action();
  await new Promise(resolve => setTimeout(resolve, 50));
  const calls = Math.max(1, Math.ceil(0.02 / secondsOf(3)));
  return median(Array.from({length: runs}, () => secondsOf(calls)));
};

const rowOf = (
  {name, unit}: Case,
  peer: string,
  ours: number,
  theirs: {seconds: number} | {reason: string},
  runs: number,
): Row => {
  const scale = unit === 'us' ? 1e6 : 1e3;
  const rounded = (seconds: number): number => Number((seconds * scale).toPrecision(4));
  return lowerIsBetter({
    bench: 'stats',
    case: name,
    threads: 1,
    unit: `${unit} CPU`,
    ours: rounded(ours),
    peer,
    theirs: 'reason' in theirs ? null : rounded(theirs.seconds),
    runs,
    ...('reason' in theirs && {reason: theirs.reason}),
  });
};

/** `BENCH_PYTHON` names another interpreter that has SciPy. */
const askPeer = (request: string, {x, y}: Case, runs: number): {seconds: number} | {reason: string} => {
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
