import {execFile} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {findProgram} from './harness/places.ts';
import type {Bench, BenchOptions, Row} from './harness/row.ts';
import {isSelected, lowerIsBetter} from './harness/row.ts';
import type {Timing} from './harness/timing.ts';
import {timeRuns} from './harness/timing.ts';
import ours from './runners/ours.ts';
import type {Dag, RunnerPeer} from './runners/runner-peer.ts';
import {makeDag} from './runners/runner-peer.ts';

const situations = ['cold', 'no-op', 'status', 'one input changed'] as const;
type Situation = (typeof situations)[number];
type Result = Timing | {readonly reason: string};

/** The same pipeline in the language of each runner: wall seconds of the whole process, medians. */
export default {
  name: 'runner',
  run: async function* (options) {
    const peers = await loadPeers();
    for (const size of options.quick ? [10, 100] : [10, 100, 1000]) {
      const caseOf = (situation: Situation): string => `${situation}, ${size} stages`;
      const chosen = situations.filter(situation => isSelected(caseOf(situation), options));
      if (chosen.length === 0) continue;
      const mine = await measure(ours, makeDag(size), chosen, options);
      for (const peer of peers) {
        const theirs = await measure(peer, makeDag(size), chosen, options);
        for (const situation of chosen) yield toRow(caseOf(situation), peer.name, mine[situation]!, theirs[situation]!);
      }
    }
  },
} satisfies Bench;

const toRow = (name: string, peer: string, mine: Result, theirs: Result): Row => {
  const reason = 'reason' in mine ? `ours: ${mine.reason}` : 'reason' in theirs ? theirs.reason : undefined;
  return lowerIsBetter({
    bench: 'runner',
    case: name,
    unit: 's',
    ours: 'reason' in mine ? null : round(mine.median),
    peer,
    theirs: 'reason' in theirs ? null : round(theirs.median),
    runs: 'reason' in theirs ? ('reason' in mine ? 0 : mine.runs) : theirs.runs,
    ...(reason !== undefined && {reason}),
  });
};

const loadPeers = async (): Promise<RunnerPeer[]> => {
  const folder = path.join(import.meta.dirname, 'runners');
  const files = readdirSync(folder).filter(file => /\.[jt]s$/.test(file) && !/^(ours|runner-peer)\./.test(file));
  const modules = files.sort().map(file => import(path.join(folder, file)) as Promise<{default: RunnerPeer}>);
  return (await Promise.all(modules)).map(module => module.default);
};

const measure = async (
  peer: RunnerPeer,
  dag: Dag,
  chosen: readonly Situation[],
  {quick}: BenchOptions,
): Promise<Partial<Record<Situation, Result>>> => {
  const all = (reason: string) => Object.fromEntries(chosen.map(situation => [situation, {reason}]));
  const programs = peer.programs.map(findProgram);
  const missing = peer.programs.filter((_, index) => programs[index] === null);
  if (missing.length > 0) return all(`${missing.join(', ')} not installed: bash bench/setup.sh runner`);
  if (dag.stages.length > (peer.mostStages ?? Infinity)) return all(`takes minutes with ${dag.stages.length} stages`);
  try {
    return await measureInstalled(peer, programs as string[], dag, chosen, quick);
  } catch (error) {
    return all(error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error));
  }
};

const measureInstalled = async (
  peer: RunnerPeer,
  programs: readonly string[],
  dag: Dag,
  chosen: readonly Situation[],
  quick: boolean,
): Promise<Partial<Record<Situation, Result>>> => {
  const results: Partial<Record<Situation, Result>> = {};
  const folders: string[] = [];
  const prepare = (): string => {
    const folder = prepareFolder(dag);
    folders.push(folder);
    peer.write(folder, dag, programs);
    return folder;
  };
  const start = (argv: readonly string[], mayFail = false): Promise<void> =>
    execute(argv, folders.at(-1)!, peer.env ?? {}, mayFail);
  const limits = {runs: quick ? 3 : 7, budget: quick ? 5 : 20};
  try {
    if (chosen.includes('cold')) {
      // Each run in a folder of its own, written before the clock starts.
      const fresh = Array.from({length: quick ? 1 : 3}, prepare);
      const next = fresh.values();
      results.cold = await timeRuns(() => execute(peer.run(programs), next.next().value!, peer.env ?? {}, false), {
        runs: fresh.length,
        budget: limits.budget,
      });
    }
    prepare();
    await start(peer.run(programs));
    await start(peer.run(programs));
    if (chosen.includes('no-op')) results['no-op'] = await timeRuns(() => start(peer.run(programs)), limits);
    if (chosen.includes('status')) {
      const {status} = peer;
      results.status =
        status === null ? {reason: 'has no such command'} : await timeRuns(() => start(status(programs), true), limits);
    }
    if (chosen.includes('one input changed')) {
      let text = 'edited';
      const folder = folders.at(-1)!;
      results['one input changed'] = await timeRuns(() => start(peer.run(programs)), {
        ...limits,
        before: async () => {
          // Another length, and later by more than a tick of the file system's clock: this bench is about speed.
          text += '!';
          await setTimeout(50);
          writeFileSync(path.join(folder, dag.inputs[0]!), text);
        },
        after: () => expectChainOf(dag, folder, text),
      });
    }
    return results;
  } finally {
    for (const folder of folders) rmSync(folder, {recursive: true, force: true});
  }
};

/** A tool that did not notice the edit would look fast. */
const expectChainOf = ({stages, inputs}: Dag, folder: string, text: string): void => {
  const last = stages.filter((_, index) => index % inputs.length === 0).at(-1)!;
  if (readFileSync(path.join(folder, last.output), 'utf8') !== text)
    throw new Error('it did not bring the output up to date');
};

const prepareFolder = (dag: Dag): string => {
  // Outside the repository: several tools, ours too, look for a project in the folders above.
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-runner-'));
  mkdirSync(path.join(folder, 'in'));
  mkdirSync(path.join(folder, 'out'));
  for (const [index, input] of dag.inputs.entries()) writeFileSync(path.join(folder, input), `input ${index}\n`);
  return folder;
};

const execute = (
  [program, ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  mayFail: boolean,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = {cwd, env: {...process.env, ...env}, timeout: 300_000, maxBuffer: 1 << 28};
    execFile(program!, args, options, (error, _stdout, stderr) => {
      // A status command says by its exit code that something is stale.
      if (error === null || (mayFail && error.code !== 'ENOENT' && !error.killed)) resolve();
      else
        reject(
          new Error(
            `${path.basename(program!)} failed: ${stderr.trim().split('\n').slice(-3).join(' / ') || error.message}`,
          ),
        );
    });
  });

const round = (seconds: number): number => Number(seconds.toFixed(4));
