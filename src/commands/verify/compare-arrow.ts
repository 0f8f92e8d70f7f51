import {readArrow, type ArrowTable} from '../../io/arrow.ts';
import type {FileComparison, FilePair} from '../../runner/verify/compare-outputs.ts';
import {compareJson} from './compare-json.ts';
import {createNumberCheck, type NumberCheck} from './number-check.ts';

/** Column by column; the first thing that is more than a number apart is told. */
export const compareArrow = ({recorded, again, tolerance}: FilePair): FileComparison => {
  const [was, now] = [readArrow(recorded), readArrow(again)];
  const check = createNumberCheck(tolerance);
  const other = compareTables(was, now, check);
  if (other !== null) return {largest: null, what: other};
  if (check.beyond > 0) return {largest: null, what: check.text()};
  if (check.differing === 0 && tolerance === null) return {largest: null, what: 'the same values, but other bytes'};
  return {largest: check.largest, what: ''};
};

const compareTables = (was: ArrowTable, now: ArrowTable, check: NumberCheck): string | null => {
  const [before, after] = [was.columns.join(', '), now.columns.join(', ')];
  if (before !== after) return `columns ${before} → ${after}`;
  if (was.rows !== now.rows) return `${was.rows} → ${now.rows} rows`;
  const metadata = compareJson(Object.fromEntries(was.metadata), Object.fromEntries(now.metadata), check, 'metadata');
  if (metadata !== null) return metadata;
  for (const name of was.columns) {
    const [one, other] = [valuesOf(was, name), valuesOf(now, name)];
    if (one.dim !== other.dim || typeof one.at(0) !== typeof other.at(0)) return `column "${name}" is of another type`;
    for (let index = 0; index < was.rows * one.dim; index++) {
      const [a, b] = [one.at(index), other.at(index)];
      const row = Math.floor(index / one.dim);
      if (typeof a === 'number' && typeof b === 'number') check.add(a, b, () => `column "${name}", row ${row}`);
      else if (a !== b) return `column "${name}", row ${row}: ${JSON.stringify(a)} → ${JSON.stringify(b)}`;
    }
  }
  return null;
};

interface Values {
  /** How many values a row has. */
  readonly dim: number;
  at(index: number): number | string | null | undefined;
}

/** The reader refuses a column that is asked for as another type than it has. */
const valuesOf = (table: ArrowTable, name: string): Values => {
  const readers: readonly (() => Values)[] = [
    () => {
      const values = table.numbers(name);
      return {dim: 1, at: index => values[index]};
    },
    () => {
      const values = table.nullableStrings(name);
      return {dim: 1, at: index => values[index]};
    },
    () => {
      const vectors = table.vectors(name);
      const {dim} = vectors;
      return {dim, at: index => vectors.row(Math.floor(index / dim))[index % dim]};
    },
  ];
  let refusal: unknown;
  for (const read of readers) {
    try {
      return read();
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
};
