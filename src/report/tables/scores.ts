import {median} from '../../math/descriptive.ts';
import {armsOf, axisText, cellsOf, deviation, rowId, type Cell} from '../cells.ts';
import {clearlyBest} from '../clearly-best.ts';
import {compare, smallestRankP, stars} from '../comparisons.ts';
import type {ReportData} from '../data.ts';
import {listed, plural, points} from '../format.ts';
import {groupBy} from '../order.ts';
import type {Results} from '../results.ts';
import {defineTable, type Worded} from '../table.ts';
import {
  correctionInWords,
  countsInWords,
  definitionOf,
  hypothesisInWords,
  strayWarnings,
  testInWords,
} from '../test-words.ts';

type Row = Record<string, string | number | Worded | null>;

const wording = (cell: Cell, seeds: number, mark: string, bold: boolean): Worded => {
  const [centre, spread] = [points(median(cell.values)), deviation(cell.values)];
  const n = cell.values.length === seeds || cell.values.length === 1 ? '' : ` (n = ${cell.values.length})`;
  const text = `${bold ? `**${centre}**` : centre}${mark.replaceAll('*', '\\*')}`;
  return {
    value: 100 * median(cell.values),
    text: `${text}${spread === null ? '' : ` ± ${points(spread)}`}${n}`,
    parts: {spread: spread === null ? null : 100 * spread, n: cell.values.length},
  };
};

const rowsOf = (results: Results): Row[] => {
  const {headline} = results;
  const marks = new Map(headline ? compare(results, headline.a, headline.b).map(c => [rowId(c.a), stars(c)]) : []);
  return [...groupBy(cellsOf(results), rowId)].map(([id, cells]) => {
    const first = cells[0] as Cell;
    const seeds = Math.max(...cells.map(c => c.values.length));
    const best = clearlyBest(cells);
    const scores = cells.map(cell => {
      const mark = cell.arm === headline?.a ? (marks.get(id) ?? '') : '';
      return [`arm:${cell.arm}`, wording(cell, seeds, mark, cell === best)] as const;
    });
    const {task, metric, split} = first;
    return {task, metric, split, axis: axisText(first.axis), seeds, ...Object.fromEntries(scores)};
  });
};

const legendOf = (results: Results): string[] => {
  const cells = cellsOf(results);
  if (cells.length === 0) return [];
  const several = cells.filter(c => c.values.length > 1);
  const once = armsOf(cells.filter(c => c.values.length === 1).map(c => c.arm));
  const lines = [
    several.length > 0
      ? `Scores × 100: the median over ${countsInWords(several.map(c => c.values.length))} seeds, ± the sample standard deviation over seeds${once.length > 0 ? `; ${listed(once.map(arm => `\`${arm}\``))} ran once` : ''}.`
      : 'Scores × 100, of one run each: nothing here says how much the seed matters.',
  ];
  const {headline} = results;
  const deciding = headline ? compare(results, headline.a, headline.b).flatMap(c => c.tests[0] ?? []) : [];
  const [test] = deciding;
  if (headline && test) {
    lines.push(
      `\\*, \\*\\*, \\*\\*\\*: \`${headline.a}\` is better than \`${headline.b}\` with p < .05, .01, .001 by ${testInWords(test)}${hypothesisInWords(test)}, ${correctionInWords(test, results)}.`,
      ...[definitionOf(test) ?? []].flat(),
      ...strayWarnings(deciding),
      'BAM (Clark et al., 2019), whose tables have these stars, names "bootstrap hypothesis tests" but does not define the procedure: ours need not be theirs.',
    );
  } else if (headline) {
    const few = compare(results, headline.a, headline.b).some(c => c.untrusted.length > 0);
    lines.push(
      few
        ? 'No stars: there are too few seeds for any of the tests that were made.'
        : `No stars: there are no tests of \`${headline.a}\` against \`${headline.b}\` among the results.`,
    );
  }
  if (several.length > 0) {
    const n = Math.max(...several.map(c => c.values.length));
    const arms = new Set(several.map(c => c.arm)).size;
    const reach = smallestRankP(n, n) * Math.max(1, arms - 1);
    lines.push(
      `Bold: better than every other arm by more than seed noise (exact Mann-Whitney, p < .05 after Holm over the arms; above each arm that ran once in all seeds)${reach >= 0.05 ? `; with ${plural(n, 'seed')} and ${plural(arms, 'arm')} no arm could be` : ''}.`,
    );
  }
  return lines;
};

export default defineTable<ReportData, Row>({
  title: 'Scores',
  pictures: ['seeds-by-arm', 'label-curve'],
  columns: ({results}) => {
    const cells = cellsOf(results);
    const hasAxis = cells.some(c => Object.keys(c.axis).length > 0);
    return [
      {key: 'task', title: 'Task'},
      {key: 'metric', title: 'Metric'},
      {key: 'split', title: 'Split'},
      ...(hasAxis ? [{key: 'axis', title: 'Axis'}] : []),
      ...armsOf(cells.map(c => c.arm)).map(arm => ({
        key: `arm:${arm}`,
        title: arm,
        digits: 1,
        align: 'right' as const,
        optional: true,
      })),
      {key: 'seeds', title: 'Seeds', align: 'right' as const},
    ];
  },
  rows: ({results}) => rowsOf(results),
  legend: ({results}) => legendOf(results),
});
