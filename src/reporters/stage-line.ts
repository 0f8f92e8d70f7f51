import {displayWidth} from './display-width.ts';
import {progressParts, progressShare, type ProgressState} from './progress-text.ts';
import type {Colors} from './settled-text.ts';

interface StageLine {
  readonly id: string;
  readonly state: ProgressState;
  readonly nowMs: number;
  /** Room that the ids of this run would like. */
  readonly nameWidth: number;
  /** What there is for the whole line. */
  readonly columns: number;
  readonly colors: Colors;
}

/** What goes first where a terminal is narrow: cells of the bar, then the rate, the loss, the bar, the count. */
const variants = [
  {cells: 16, without: []},
  {cells: 8, without: []},
  {cells: 8, without: ['rate']},
  {cells: 8, without: ['rate', 'loss']},
  {cells: 0, without: ['rate', 'loss']},
  {cells: 0, without: ['rate', 'loss', 'count']},
] as const;

/** `▸ train@seed=1  ━━━━━━──────────  22/40 step  loss 0.3400  6.2 step/s  3 s left`, as much of it as fits. */
export const stageLine = ({id, state, nowMs, nameWidth, columns, colors}: StageLine): string => {
  const width = Math.min(nameWidth, Math.max(16, Math.floor(columns * 0.45)));
  const name = `${colors.cyan('▸')} ${shortened(id, width).padEnd(width)}  `;
  const share = progressShare(state, nowMs);
  const parts = progressParts(state, nowMs);
  let line = name;
  for (const {cells, without} of variants) {
    const kept = parts.filter(({kind}) => !(without as readonly string[]).includes(kind)).map(({text}) => text);
    line = name + (share === null ? '' : bar(share, cells, colors)) + kept.join('  ');
    if (displayWidth(line) <= columns) break;
  }
  return line;
};

const bar = (share: number, cells: number, colors: Colors): string => {
  const filled = Math.round(share * cells);
  return cells === 0 ? '' : `${colors.cyan('━'.repeat(filled))}${colors.dim('─'.repeat(cells - filled))}  `;
};

/** Cut in the middle: the stage is at the beginning, the seed at the end. */
const shortened = (id: string, width: number): string => {
  if (id.length <= width) return id;
  const end = Math.floor((width - 1) / 2);
  return `${id.slice(0, width - 1 - end)}…${id.slice(id.length - end)}`;
};
