import {cellId} from './cells.ts';
import {cellLabel} from './diff-cells.ts';
import {recordParts} from './diff-record-tables.ts';
import {summary} from './diff-summary.ts';
import {changeTable, foldedTable, headlineTable, presenceTable} from './diff-tables.ts';
import type {CameAndWent, ResultsDiff} from './diff-types.ts';
import {listed, plural} from './format.ts';
import {isChange} from './verdict.ts';

const legend = ({changed, correction}: ResultsDiff): string[] => {
  const tested = changed.filter(c => c.p !== null).length;
  if (tested === 0) return [];
  const differ = `${plural(tested, 'cell')} that differ${tested === 1 ? 's' : ''}`;
  const adjusted =
    correction === 'holm'
      ? `adjusted by Holm over ${differ}`
      : `adjusted by Benjamini-Hochberg over ${differ}, because so few seeds over so many cells could never pass Holm`;
  return [
    `p: two-sided exact Mann-Whitney over seeds, ${adjusted}; "noise" means adjusted p ≥ .05, which isn't proof of no change. Interval: 95 % of the difference of medians, by the bootstrap. A12: how often a new run beats an old one.\n`,
  ];
};

const whole = (what: string, {came, went}: CameAndWent): string[] => [
  ...(came.length > 0 ? [`${plural(came.length, what)} came: ${listed(came.map(name => `\`${name}\``))}.\n`] : []),
  ...(went.length > 0 ? [`${plural(went.length, what)} went: ${listed(went.map(name => `\`${name}\``))}.\n`] : []),
];

const renamings = ({renamed}: ResultsDiff, most: number): string[] => {
  if (renamed.length === 0) return [];
  const lines = renamed.slice(0, most).map(r => `- \`${cellLabel(r.old)}\` is now \`${cellLabel(r.new)}\``);
  const left = renamed.length - lines.length;
  return [
    '### The same runs under another name\n',
    [...lines, ...(left > 0 ? [`- … and ${plural(left, 'more')}`.replace('mores', 'more')] : []), ''].join('\n'),
  ];
};

/**
 * The results' part of `pipeline diff`, its tables cut to `most` rows each: the headline's cells in any case, then what
 * changed, and folded what is noise.
 */
export const diffMarkdown = (diff: ResultsDiff, most = Infinity): string => {
  const {changed, headline} = diff;
  const told = new Set(headline.map(cell => cellId(cell)));
  const others = changed.filter(cell => !told.has(cellId(cell)));
  const [moved, noise] = [others.filter(isChange), others.filter(cell => !isChange(cell))];
  return [
    `**${summary(diff)}**\n`,
    ...(headline.length > 0 ? ['### Headline\n', headlineTable(headline, most)] : []),
    ...(moved.length > 0 ? ['### Changed\n', changeTable(moved, most)] : []),
    ...(noise.length > 0
      ? [foldedTable(`${plural(noise.length, 'more cell')} within noise`, changeTable(noise, most))]
      : []),
    ...legend(diff),
    ...whole('column', diff.arms),
    ...whole('row', diff.rows),
    ...presenceTable('Cells that came', diff.added, most),
    ...presenceTable('Cells that went', diff.removed, most),
    ...renamings(diff, most),
    ...recordParts(diff, most),
  ].join('\n');
};
