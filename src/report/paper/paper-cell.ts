import {standardDeviation} from '../../math/descriptive.ts';
import {fixed, probability, signed} from '../format.ts';
import type {TableCell, Worded} from '../table.ts';
import {centreOf, type Line, type Measured} from './measure-paper.ts';
import {largestP} from './judge-paper.ts';
import type {PaperSpec} from './paper-spec.ts';
import type {PublishedCell} from './published-table.ts';

export type PaperValue = TableCell;

/** Stars as BAM has them; '' where it isn't better than every arm that the row names. */
const starsOf = ({tests}: Measured): string => {
  const p = largestP(tests, 'better') ?? 1;
  return p < 0.001 ? '***' : p < 0.01 ? '**' : p < 0.05 ? '*' : '';
};

const pOf = ({tests}: Measured): string => {
  const p = largestP(tests, 'any');
  return p === null ? '' : ` (p = ${probability(p)})`;
};

/** `**61.8**\*\* ± 0.6 (n = 18)`; an ablation: `−0.4 [−0.9, 0.1] (p = 0.03)`; null where we have nothing. */
export const paperCell = (spec: PaperSpec, line: Line, at: number): Worded | null => {
  const [measured, column] = [line.columns[at]!, spec.columns[at]!];
  const digits = column.digits ?? 1;
  if (measured.fact !== null) return {value: measured.fact, text: fixed(measured.fact, digits)};
  if (measured.runs.length === 0) return null;
  const mark = spec.marks === 'stars' ? starsOf(measured).replaceAll('*', '\\*') : '';
  const p = spec.marks === 'p' ? pOf(measured) : '';
  const n = measured.runs.length === line.most ? '' : ` (n = ${measured.runs.length})`;
  const centre = centreOf(spec, measured.runs);
  const parts = {n: measured.runs.length, p: largestP(measured.tests, 'any')};
  if (measured.reference) return ablation(spec, measured, {digits, mark, tail: `${p}${n}`, parts});
  const text = measured.best ? `**${fixed(centre, digits)}**` : fixed(centre, digits);
  const spread =
    measured.runs.length < 2
      ? null
      : standardDeviation(
          measured.runs.map(r => r.value),
          1,
        );
  return {
    value: centre,
    text: `${text}${mark}${spread === null ? '' : ` ± ${fixed(spread, digits)}`}${p}${n}`,
    parts: {spread, ...parts},
  };
};

const ablation = (
  spec: PaperSpec,
  {runs, reference, tests}: Measured,
  words: {
    readonly digits: number;
    readonly mark: string;
    readonly tail: string;
    readonly parts: Readonly<Record<string, number | null>>;
  },
): Worded | null => {
  if (!reference || reference.length === 0) return null;
  const {digits} = words;
  const difference = centreOf(spec, runs) - centreOf(spec, reference);
  const interval = tests[0]?.interval;
  const ends = interval ? ` [${interval.map(end => signed(end, digits)).join(', ')}]` : '';
  return {
    value: difference,
    text: `${signed(difference, digits)}${words.mark}${ends}${words.tail}`,
    parts: {low: interval?.[0] ?? null, high: interval?.[1] ?? null, ...words.parts},
  };
};

/** A published number as it was printed, "unverified" said in the cell unless the whole row is. */
export const publishedWording = (cell: PublishedCell, digits: number, isAllUnverified: boolean): Worded => {
  const number =
    typeof cell.value === 'number' ? fixed(cell.value, Math.max(digits, decimals(cell.value))) : cell.value;
  const mark = cell.stars.replaceAll('*', '\\*');
  return {
    value: typeof cell.value === 'number' ? cell.value : null,
    text: `${number}${mark}${cell.verified || isAllUnverified ? '' : ' (unverified)'}`,
    parts: {verified: cell.verified ? 1 : 0},
  };
};

/** IMDb's 93.46 keeps its digits in a table of one decimal. */
const decimals = (value: number): number => (String(value).split('.')[1] ?? '').length;
