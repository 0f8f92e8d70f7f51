import {median} from '../../math/descriptive.ts';
import {thinned, type Point} from '../curves.ts';
import {groupBy} from '../order.ts';
import {armEncodings} from './style.ts';

/** One run of an arm, as a line over its steps. */
export interface RunLine {
  readonly arm: string;
  readonly seed: number | null;
  readonly points: readonly Point[];
}

/** A point of one line of a panel: of a run (thin), or of the median of an arm's runs (thick, `seed` null). */
export interface LineRow {
  readonly arm: string;
  readonly seed: number | null;
  readonly step: number;
  readonly value: number;
}

/** All runs and, where an arm has several, their median at the steps that all of them have; `most` points a line. */
export const lineRows = (lines: readonly RunLine[], most: number): LineRow[] => {
  const runs = lines.flatMap(({arm, seed, points}, i) =>
    thinned(points, most).map(({step, value}) => ({arm, seed: seed ?? i, step, value})),
  );
  const medians = [...groupBy(runs, row => row.arm)].flatMap(([arm, rows]) => {
    const count = new Set(rows.map(r => r.seed)).size;
    if (count < 2) return [];
    return [...groupBy(rows, row => String(row.step)).values()]
      .filter(at => at.length === count)
      .map(at => ({arm, seed: null, step: at[0]?.step ?? 0, value: median(at.map(r => r.value))}));
  });
  return [...runs, ...medians];
};

/** Thin lines of all runs below the thick ones of medians; an arm with a single run has a thick line of that. */
export const lineLayers = (rows: readonly LineRow[], arms: readonly string[], title: string | null) => {
  const single = new Set(arms.filter(arm => !rows.some(r => r.arm === arm && r.seed === null)));
  const values = rows.map(r => ({
    ...r,
    line: `${r.arm} ${r.seed ?? 'median'}`,
    weight: r.seed === null || single.has(r.arm) ? 'thick' : 'thin',
  }));
  const isSparse = new Set(rows.map(r => r.step)).size <= 12;
  return (['thin', 'thick'] as const).map(weight => ({
    data: {values: values.filter(v => v.weight === weight)},
    mark: {
      type: 'line' as const,
      // an epoch may be the only measurement: a line alone would show nothing
      ...(isSparse ? {point: {size: weight === 'thick' ? 36 : 12}} : {}),
      strokeWidth: weight === 'thick' ? 2.5 : 1,
      opacity: weight === 'thick' ? 1 : 0.5,
    },
    encoding: {
      x: {field: 'step', type: 'quantitative' as const, title: 'Step', scale: {zero: true, nice: false}},
      y: {field: 'value', type: 'quantitative' as const, title, scale: {zero: false}},
      ...armEncodings(arms),
      detail: {field: 'line'},
    },
  }));
};
