import {median} from '../../math/descriptive.ts';
import {armsOf, axisText, taskNames} from '../cells.ts';
import {labelledCells} from './label-curve.ts';
import {shownCells} from './seeds-by-arm.ts';
import {cosineOf, lossOf, thinned, type Curve, type Point} from '../curves.ts';
import {fixed, points, thousands} from '../format.ts';
import {groupBy} from '../order.ts';
import type {Results} from '../results.ts';
import {gfm} from '../table.ts';

/** The numbers behind each picture, for those who cannot see it and for the diff. */

export const seedNumbers = (results: Results): string => {
  const cells = shownCells(results);
  const nameOf = taskNames(cells);
  return gfm(
    ['Task', 'Arm', 'Runs, in the order of their seeds'],
    cells.map(c => [
      [nameOf(c), axisText(c.axis)].filter(Boolean).join(', '),
      c.arm,
      c.values.map(v => points(v)).join(', '),
    ]),
  );
};

export const labelNumbers = (results: Results): string => {
  const cells = labelledCells(results);
  const nameOf = taskNames(cells);
  return gfm(
    ['Task', 'Arm', 'Labels', 'Median', 'Lowest', 'Highest'],
    cells.map(c => [
      nameOf(c),
      c.arm,
      c.axis.labels === 'all' ? 'all' : thousands(Number(c.axis.labels)),
      points(median(c.values)),
      points(Math.min(...c.values)),
      points(Math.max(...c.values)),
    ]),
    ['left', 'left', 'right', 'right', 'right', 'right'],
  );
};

/** Medians over runs at ten places of the curve: enough to see its shape. */
const places = 10;

const curveTable = (title: string, curves: readonly Curve[], of: (curve: Curve) => Point[]): string[] => {
  const arms = armsOf(curves.map(c => c.arm));
  const rows = arms.flatMap(arm => {
    const runs = curves.filter(c => c.arm === arm).map(c => thinned(of(c), places));
    const at = groupBy(runs.flat(), point => String(point.step));
    return [...at].map(([step, all]) => [
      arm,
      thousands(Number(step)),
      fixed(median(all.map(p => p.value)), 3),
      `${all.length}`,
    ]);
  });
  return rows.length === 0 ? [] : [gfm(['Arm', 'Step', title, 'Runs'], rows, ['left', 'right', 'right', 'right'])];
};

export const curveNumbers = (curves: readonly Curve[]): string =>
  [...curveTable('Loss', curves, lossOf), ...curveTable('Held-out cosine', curves, cosineOf)].join('\n');
