import {installedPrograms, loadPeers} from './harness/peers.ts';
import type {Bench, Row} from './harness/row.ts';
import {isSelected, lowerIsBetter} from './harness/row.ts';
import ours from './runners/ours.ts';
import type {RunnerPeer} from './runners/runner-peer.ts';
import {Playground} from './situations/playground.ts';
import {type Situation, situations} from './situations/situations.ts';

/** Who is right when? 0 = right, 1 = wrong, and the reason is what the tool did instead. */
export default {
  name: 'situations',
  run: async function* (options) {
    const peers = await loadPeers();
    for (const situation of situations.filter(({name}) => isSelected(name, options))) {
      const mine = await play(ours, situation);
      for (const peer of peers) {
        const theirs = await play(peer, situation);
        const reason = [mine.reason && `ours: ${mine.reason}`, theirs.reason].filter(Boolean).join('; ');
        yield lowerIsBetter({
          bench: 'situations',
          case: situation.name,
          unit: 'wrong',
          ours: mine.wrong,
          peer: peer.name,
          theirs: theirs.wrong,
          runs: 1,
          ...(reason !== '' && {reason}),
        });
      }
    }
  },
  table: rows => tableOf(rows),
} satisfies Bench;

interface Verdict {
  readonly wrong: 0 | 1 | null;
  readonly reason?: string;
}

const play = async (peer: RunnerPeer, situation: Situation): Promise<Verdict> => {
  const programs = installedPrograms(peer);
  if ('reason' in programs) return {wrong: null, reason: programs.reason};
  const ground = new Playground(peer, programs);
  try {
    const problem = await situation.play(ground);
    return problem === null ? {wrong: 0} : {wrong: 1, reason: problem};
  } catch (error) {
    return {wrong: null, reason: error instanceof Error ? error.message.split('\n')[0]! : String(error)};
  } finally {
    ground.close();
  }
};

/** A line for each situation, a column for each tool, and below it what those did that are wrong. */
const tableOf = (rows: readonly Row[]): string => {
  const cases = [...new Set(rows.map(row => row.case))];
  const peers = [...new Set(rows.map(row => row.peer))];
  const widest = Math.max(0, ...cases.map(name => name.length));
  const line = (name: string, cells: readonly string[]): string =>
    [name.padEnd(widest), ...cells.map((cell, index) => cell.padEnd(['ours', ...peers][index]!.length))]
      .join('  ')
      .trimEnd();
  const word = (wrong: number | null): string => (wrong === null ? '–' : wrong === 0 ? 'ok' : 'no');
  const verdicts = cases.map(name => {
    const own = rows.filter(row => row.case === name);
    return line(name, [
      word(own[0]!.ours),
      ...peers.map(peer => word(own.find(row => row.peer === peer)?.theirs ?? null)),
    ]);
  });
  const notes = rows.filter(({reason}) => reason !== undefined).map(row => `${row.case[0]} ${row.peer}: ${row.reason}`);
  return [line('', ['ours', ...peers]), ...verdicts, '', ...notes].join('\n');
};
