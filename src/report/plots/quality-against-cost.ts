import type {TopLevelSpec} from 'vega-lite';
import {median} from '../../math/descriptive.ts';
import {armsOf, rowId} from '../cells.ts';
import {costsByArm, type Cost} from '../cost.ts';
import {fixed, megabytes, thousands} from '../format.ts';
import {groupBy} from '../order.ts';
import type {Results} from '../results.ts';
import {gfm} from '../table.ts';
import {shownCells} from './seeds-by-arm.ts';
import {armScale, config} from './style.ts';

export interface Priced {
  readonly arm: string;
  /** Median over seeds of the mean over tasks, × 100, and the worst and the best seed. */
  readonly score: number;
  readonly low: number;
  readonly high: number;
  readonly bytes: number;
  /** Sentences a second, batches of 32. */
  readonly speed: number;
}

/** Arms whose model was measured, by their mean over the tasks that all of these have. */
export const pricedArms = (results: Results, cost: Cost | null): Priced[] => {
  const costs = costsByArm(cost, results.headline);
  const cells = shownCells(results).filter(c => costs.has(c.arm));
  const arms = armsOf(cells.map(c => c.arm));
  const rows = [...groupBy(cells, rowId).values()].filter(group => group.length === arms.length);
  if (arms.length < 2 || rows.length === 0) return [];
  return arms.map(arm => {
    const own = rows.map(group => group.find(c => c.arm === arm)!);
    const runs = Math.min(...own.map(c => c.values.length));
    const means = Array.from(
      {length: runs},
      (_, i) => own.reduce((sum, c) => sum + 100 * c.values[i]!, 0) / own.length,
    );
    const {bytes, sentencesPerSecond} = costs.get(arm)!;
    return {
      arm,
      score: median(means),
      low: Math.min(...means),
      high: Math.max(...means),
      bytes,
      speed: sentencesPerSecond.batch32,
    };
  });
};

/** The part of the axis, in width, that a name of ordinary length takes to either side. */
const nameWidth = 0.16;

/**
 * A name stands above its stroke; where another arm of higher score is near on this axis, below it, out of that arm's way.
 * Near the frame it is aligned to its point, not to its middle, so that nothing is cut off.
 */
const placed = (
  values: readonly (Priced & {readonly megabytes: number})[],
  field: 'megabytes' | 'speed',
  [low, high]: readonly [number, number],
) => {
  const at = (value: number): number => Math.log(value / low) / Math.log(high / low);
  return values.map(own => {
    const place = at(own[field]);
    const isBelow = values.some(
      other => other.score > own.score && Math.abs(at(other[field]) - place) < nameWidth && other.arm !== own.arm,
    );
    const align =
      place < nameWidth ? ('left' as const) : place > 1 - nameWidth ? ('right' as const) : ('center' as const);
    return {arm: own.arm, isBelow, align};
  });
};

/** Quality over size and over speed, both on logarithmic axes: above and left, above and right are the good corners. */
export const qualityAgainstCost = (priced: readonly Priced[]): TopLevelSpec | null => {
  if (priced.length === 0) return null;
  const values = priced.map(p => ({...p, megabytes: p.bytes / 1e6}));
  const color = {field: 'arm', type: 'nominal' as const, scale: armScale(priced.map(p => p.arm)), legend: null};
  const panel = (field: 'megabytes' | 'speed', title: string) => {
    const all = values.map(v => v[field]);
    const domain = [Math.min(...all) / 1.6, Math.max(...all) * 1.6] as const;
    const x = {
      field,
      type: 'quantitative' as const,
      title,
      scale: {type: 'log' as const, domain: [...domain], nice: false},
      axis: {grid: false, format: '~s', tickCount: 4},
    };
    const y = {type: 'quantitative' as const, title: 'Mean score × 100', scale: {zero: false, padding: 28}};
    return {
      width: 330,
      height: 240,
      data: {values},
      layer: [
        {
          mark: {type: 'rule' as const, strokeWidth: 2, opacity: 0.5},
          encoding: {x, color, y: {...y, field: 'low'}, y2: {field: 'high'}},
        },
        {
          mark: {type: 'point' as const, filled: true, size: 90, opacity: 1},
          encoding: {x, color, y: {...y, field: 'score'}},
        },
        ...placed(values, field, domain).map(({arm, isBelow, align}) => ({
          data: {values: values.filter(v => v.arm === arm)},
          mark: {type: 'text' as const, dy: isBelow ? 16 : -14, align, fontSize: 12, color: '#24292f'},
          encoding: {x, y: {...y, field: isBelow ? 'low' : 'high'}, text: {field: 'arm'}},
        })),
      ],
    };
  };
  return {
    config,
    hconcat: [panel('megabytes', 'Size on disk, MB'), panel('speed', 'Sentences a second, batches of 32')],
  };
};

export const costNumbers = (priced: readonly Priced[]): string =>
  gfm(
    ['Arm', 'Mean score', 'Worst seed', 'Best seed', 'Size', 'Sentences a second'],
    priced.map(p => [
      p.arm,
      fixed(p.score, 1),
      fixed(p.low, 1),
      fixed(p.high, 1),
      megabytes(p.bytes),
      thousands(p.speed),
    ]),
    ['left', 'right', 'right', 'right', 'right', 'right'],
  );
