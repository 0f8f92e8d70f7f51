import {loadPeers} from './harness/peers.ts';
import type {Bench, Row} from './harness/row.ts';
import {isSelected, lowerIsBetter} from './harness/row.ts';
import {measure, type Result, type Situation, situations} from './runner-cases/measure.ts';
import {shapes} from './runner-cases/shapes.ts';
import ours from './runners/ours.ts';

/** The same pipeline in the language of each runner: wall seconds, CPU seconds and peak memory of the whole process. */
export default {
  name: 'runner',
  run: async function* (options) {
    const peers = await loadPeers();
    const {quick} = options;
    for (const shape of shapes(quick)) {
      const caseOf = (situation: Situation): string => `${situation}, ${shape.name}`;
      const chosen = situations.filter(situation => isSelected(caseOf(situation), options));
      if (chosen.length === 0) continue;
      const mine = await measure({peer: ours, shape, chosen, quick});
      if (shape.onlyOurs === true) {
        for (const situation of chosen)
          yield* toRows(caseOf(situation), nobody, mine[situation]!, {reason: 'takes the others minutes'});
        continue;
      }
      for (const peer of peers) {
        const theirs = await measure({peer, shape, chosen, quick});
        for (const situation of chosen)
          yield* toRows(caseOf(situation), peer.name, mine[situation]!, theirs[situation]!);
      }
    }
  },
} satisfies Bench;

/** Stands for the peers in rows that only ours has. */
const nobody = 'none';

function* toRows(name: string, peer: string, mine: Result, theirs: Result): Iterable<Row> {
  const reason = 'reason' in mine ? `ours: ${mine.reason}` : 'reason' in theirs ? theirs.reason : '';
  const base = {bench: 'runner', peer, ...(reason !== '' && {reason})};
  const runs = 'runs' in theirs ? theirs.runs : 'runs' in mine ? mine.runs : 0;
  const wall = (result: Result): number | null => ('reason' in result ? null : round(result.median));
  yield lowerIsBetter({...base, case: name, unit: 's', ours: wall(mine), theirs: wall(theirs), runs});
  for (const [what, unit, of] of [
    ['CPU', 's', 'cpuSeconds'],
    ['memory', 'MB', 'peakMemoryMb'],
  ] as const) {
    const value = (result: Result): number | null =>
      'usage' in result && result.usage ? round(result.usage[of]) : null;
    // What a peer cannot do has been said in the line before.
    if (value(mine) === null || (value(theirs) === null && peer !== nobody)) continue;
    yield lowerIsBetter({...base, case: `${name}: ${what}`, unit, ours: value(mine), theirs: value(theirs), runs: 1});
  }
}

const round = (value: number): number => Number(value.toFixed(4));
