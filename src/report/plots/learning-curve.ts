import type {TopLevelSpec} from 'vega-lite';
import {median} from '../../math/descriptive.ts';
import {armsOf} from '../cells.ts';
import {cosineOf, lossOf, type Curve, type Point} from '../curves.ts';
import {lineLayers, lineRows, type LineRow} from './run-lines.ts';
import {config} from './style.ts';

/** Points a curve keeps: what a panel of 325 pixels can show. */
const most = 40;

const panel = (rows: readonly LineRow[], title: string, arms: readonly string[], guides: readonly Guide[]) => {
  const rightmost = Math.max(...rows.map(r => r.step));
  return {
    width: 325,
    height: 220,
    layer: [
      ...lineLayers(rows, arms, title),
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
  const rows = (of: (curve: Curve) => Point[]) =>
    lineRows(
      curves.map(curve => ({arm: curve.arm, seed: curve.seed, points: of(curve)})),
      most,
    );
  const [loss, cosine] = [rows(lossOf), rows(cosineOf)];
  const panels = [
    ...(loss.length > 0 ? [panel(loss, 'Distillation loss', arms, [])] : []),
    ...(cosine.length > 0 ? [panel(cosine, 'Held-out cosine', arms, guidesOf(curves))] : []),
  ];
  return panels.length === 0 ? null : {config, hconcat: panels};
};
