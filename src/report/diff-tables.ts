import {axisText} from './cells.ts';
import type {CellChange, CellName, CellPresence, HeadlineCell, Side} from './diff-types.ts';
import {fixed, plural, points, probability, signedPoints} from './format.ts';
import {gfm} from './table.ts';

/** A table that may be cut: the rows beyond `most` are counted. Columns from `right` on are numbers. */
export const cutTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  most: number,
  right: number,
): string => {
  const align = head.map((_, i) => (i >= right ? 'right' : 'left'));
  const left = rows.length - most;
  const body = gfm(head, rows.slice(0, most), align);
  return left > 0 ? `${most > 0 ? body : ''}\n… and ${plural(left, 'more row')}, left out for length.\n` : body;
};

export const foldedTable = (title: string, body: string): string =>
  `<details>\n<summary>${title}</summary>\n\n${body.trimEnd()}\n\n</details>\n`;

const cellName = ({task, split, metric, arm, axis}: CellName): string[] => [
  [task, axisText(axis)].filter(Boolean).join(', '),
  `${metric} (${split})`,
  arm,
];

const maybe = (p: number | null): string => (p === null ? '–' : probability(p));
const seeds = (old: Side, now: Side): string => (old.n === now.n ? `${old.n}` : `${old.n} → ${now.n}`);
const intervalText = (interval: CellChange['interval']): string =>
  interval === null ? '–' : interval.map(end => signedPoints(end)).join(' … ');

const changeHead = [
  'Task',
  'Metric',
  'Arm',
  'Old',
  'New',
  'Difference',
  'Interval',
  'p',
  'p adjusted',
  'A12',
  'Seeds',
  'Verdict',
];

const changeRow = (c: CellChange): string[] => [
  ...cellName(c),
  points(c.old.median),
  points(c.new.median),
  signedPoints(c.difference),
  intervalText(c.interval),
  maybe(c.p),
  maybe(c.adjusted),
  c.effect === null ? '–' : fixed(c.effect, 2),
  seeds(c.old, c.new),
  c.verdict,
];

export const changeTable = (cells: readonly CellChange[], most: number): string =>
  cutTable(changeHead, cells.map(changeRow), most, 3);

const headlineRow = ({change, old, new: now, ...name}: HeadlineCell): string[] => {
  if (change) return changeRow(change);
  const text = (side: Side | null): string => (side ? points(side.median) : '–');
  const verdict = old && now ? 'same' : old ? 'went' : 'came';
  const count = old && now ? seeds(old, now) : `${(old ?? now)?.n ?? ''}`;
  return [...cellName(name), text(old), text(now), old && now ? '0.0' : '–', '–', '–', '–', '–', count, verdict];
};

export const headlineTable = (cells: readonly HeadlineCell[], most: number): string =>
  cutTable(changeHead, cells.map(headlineRow), most, 3);

export const presenceTable = (title: string, cells: readonly CellPresence[], most: number): string[] =>
  cells.length === 0
    ? []
    : [
        `### ${title}\n`,
        cutTable(
          ['Task', 'Metric', 'Arm', 'Median', 'Seeds'],
          cells.map(c => [...cellName(c), points(c.median), `${c.n}`]),
          most,
          3,
        ),
      ];
