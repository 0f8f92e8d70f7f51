import type {Row} from './row.ts';

/** Rows are printed as they come, a bench may take minutes: column widths are fixed, not those of all rows. */
const widths = {case: 44, ours: 11, peer: 24, theirs: 11, ratio: 8, unit: 12};

export const header = (): string =>
  line({case: 'case', ours: 'ours', peer: 'peer', theirs: 'theirs', ratio: 'ratio', unit: 'unit', rest: 'runs'});

export const tableLine = (row: Row): string =>
  line({
    case: row.threads === undefined ? row.case : `${row.case} (${threads(row.threads)})`,
    ours: number(row.ours),
    peer: row.peer,
    theirs: number(row.theirs),
    ratio: row.ratio === null ? '–' : `${number(row.ratio)}×`,
    unit: row.unit,
    rest: row.reason === undefined ? String(row.runs) : `${row.runs}  ${row.reason}`,
  });

const line = (cells: Record<keyof typeof widths | 'rest', string>): string =>
  [
    cells.case.padEnd(widths.case),
    cells.ours.padStart(widths.ours),
    `  ${cells.peer.padEnd(widths.peer)}`,
    cells.theirs.padStart(widths.theirs),
    cells.ratio.padStart(widths.ratio),
    `  ${cells.unit.padEnd(widths.unit)}`,
    cells.rest,
  ].join(' ');

const threads = (count: number): string => `${count} thread${count === 1 ? '' : 's'}`;

/** Three significant digits, without an exponent. */
const number = (value: number | null): string => {
  if (value === null) return '–';
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 6));
};
