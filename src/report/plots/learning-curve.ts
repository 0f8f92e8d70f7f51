import type {TopLevelSpec} from 'vega-lite';
import {median} from '../../math/descriptive.ts';
import {armsOf} from '../cells.ts';
import {cosineOf, lossOf, thinned, type Curve, type Point} from '../curves.ts';
import {groupBy} from '../order.ts';
import {armScale, config} from './style.ts';

/** One line of a panel: a run (thin) or the median of an arm's runs (thick, `seed` null). */
export interface CurveRow {
  readonly arm: string;
  readonly seed: number | null;
  readonly step: number;
  readonly value: number;
}

/** Points a curve keeps: what a panel of 325 pixels can show. */
const most = 40;

/** All runs and, where an arm has several, their median at the steps that all of them have. */
export const curveRows = (curves: readonly Curve[], of: (curve: Curve) => Point[]): CurveRow[] => {
  const runs = curves.flatMap((curve, i) =>
    thinned(of(curve), most).map(p => ({arm: curve.arm, seed: curve.seed ?? i, step: p.step, value: p.value})),
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

const panel = (rows: readonly CurveRow[], title: string, arms: readonly string[], guides: readonly Guide[]) => {
  const single = new Set(arms.filter(arm => !rows.some(r => r.arm === arm && r.seed === null)));
  const values = rows.map(r => ({
    ...r,
    line: `${r.arm} ${r.seed ?? 'median'}`,
    weight: r.seed === null || single.has(r.arm) ? 'thick' : 'thin',
  }));
  const colour = {
    field: 'arm',
    type: 'nominal',
    scale: armScale(arms),
    ...(arms.length > 1
      ? {title: null, legend: {symbolType: 'stroke', symbolStrokeWidth: 3, symbolSize: 300}}
      : {legend: null}),
  } as const;
  const isSparse = new Set(rows.map(r => r.step)).size <= 12;
  const rightmost = Math.max(...rows.map(r => r.step));
  return {
    width: 325,
    height: 220,
    layer: [
      ...(['thin', 'thick'] as const).map(weight => ({
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
          color: colour,
          detail: {field: 'line'},
        },
      })),
      ...(guides.length === 0
        ? []
        : [
            {
              data: {values: guides.map(g => ({...g, step: rightmost}))},
              mark: {type: 'rule' as const, strokeDash: [4, 4], color: '#57606a'},
              encoding: {y: {field: 'value', type: 'quantitative' as const}},
            },
            {
              data: {values: guides.map(g => ({...g, step: rightmost}))},
              mark: {type: 'text' as const, align: 'right' as const, dy: 9, color: '#57606a', fontSize: 12},
              encoding: {
                x: {field: 'step', type: 'quantitative' as const},
                y: {field: 'value', type: 'quantitative' as const},
                text: {field: 'name'},
              },
            },
          ]),
    ],
  };
};

interface Guide {
  readonly name: string;
  readonly value: number;
}

/** What a bag of words reaches without any steps: the level that a distillation must pass. */
const guidesOf = (curves: readonly Curve[]): Guide[] => {
  const values = curves.flatMap(c => c.bagOfWords?.heldOutCosine ?? []);
  return values.length === 0 ? [] : [{name: 'bag of words', value: median(values)}];
};

/** Loss and held-out cosine over the steps of the distillation, side by side. */
export const learningCurve = (curves: readonly Curve[]): TopLevelSpec | null => {
  const arms = armsOf(curves.map(c => c.arm));
  const [loss, cosine] = [curveRows(curves, lossOf), curveRows(curves, cosineOf)];
  const panels = [
    ...(loss.length > 0 ? [panel(loss, 'Distillation loss', arms, [])] : []),
    ...(cosine.length > 0 ? [panel(cosine, 'Held-out cosine', arms, guidesOf(curves))] : []),
  ];
  return panels.length === 0 ? null : {config, hconcat: panels};
};
