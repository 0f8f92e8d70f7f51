import type {TopLevelSpec} from 'vega-lite';
import {fixed} from '../format.ts';
import {groupBy} from '../order.ts';
import {gfm} from '../table.ts';
import type {ProfilePoint} from './profile-shares.ts';
import {armEncodings, config} from './style.ts';

/** One line an arm: the higher and the further right, the better; bands are pointwise 95 % intervals. */
export const performanceProfile = (points: readonly ProfilePoint[]): TopLevelSpec | null => {
  if (points.length === 0) return null;
  const arms = [...new Set(points.map(p => p.arm))];
  const x = {
    field: 'threshold',
    type: 'quantitative' as const,
    title: 'Score × 100 (τ)',
    scale: {zero: false, nice: false},
  };
  const {color, strokeDash} = armEncodings(arms);
  const y = {type: 'quantitative' as const, title: 'Share of runs above τ', scale: {domain: [0, 1]}};
  return {
    config,
    width: 720,
    height: 260,
    data: {values: [...points]},
    layer: [
      {
        mark: {type: 'area', opacity: 0.15, interpolate: 'step-after'},
        encoding: {x, color, y: {...y, field: 'low'}, y2: {field: 'high'}},
      },
      {
        mark: {type: 'line', strokeWidth: 2, interpolate: 'step-after'},
        encoding: {x, color, ...(strokeDash ? {strokeDash} : {}), y: {...y, field: 'share'}},
      },
    ],
  };
};

/** Every fourth place: enough to see the shape. */
const stride = 4;

export const profileNumbers = (points: readonly ProfilePoint[]): string => {
  const arms = [...new Set(points.map(p => p.arm))];
  const places = [...groupBy(points, p => String(p.threshold)).values()].filter((_, i) => i % stride === 0);
  const interval = ({low, high}: ProfilePoint): string =>
    low === high ? '' : ` (${fixed(low, 2)} to ${fixed(high, 2)})`;
  return gfm(
    ['τ', ...arms],
    places.map(at => [
      fixed(at[0]!.threshold, 1),
      ...arms.map(arm => {
        const point = at.find(p => p.arm === arm);
        return point ? `${fixed(point.share, 2)}${interval(point)}` : '–';
      }),
    ]),
    ['right', ...arms.map(() => 'right' as const)],
  );
};
