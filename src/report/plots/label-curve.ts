import type {TopLevelSpec} from 'vega-lite';
import {median} from '../../math/descriptive.ts';
import {armsOf, taskNames, type Cell} from '../cells.ts';
import type {Results} from '../results.ts';
import {shownCells} from './seeds-by-arm.ts';
import {armEncodings, config} from './style.ts';

/** Cells with a number of labels, or with `all`. */
export const labelledCells = (results: Results): Cell[] =>
  shownCells(results).filter(c => Number(c.axis.labels) > 0 || c.axis.labels === 'all');

/**
 * Scores over the number of labels, a panel a task and metric: median lines in a band from the worst run to the best. How
 * many `all` are differs by task and is not known here: they stand in a place of their own, right of the largest number.
 */
export const labelCurve = (results: Results): TopLevelSpec | null => {
  const cells = labelledCells(results);
  if (new Set(cells.map(c => c.axis.labels)).size < 2) return null;
  const arms = armsOf(cells.map(c => c.arm));
  const nameOf = taskNames(cells);
  const tasks = [...new Set(cells.map(nameOf))];
  const largest = Math.max(...cells.flatMap(c => (c.axis.labels === 'all' ? [] : [Number(c.axis.labels)])));
  const beyond = 2.5 * largest;
  const values = cells.map(c => ({
    task: nameOf(c),
    arm: c.arm,
    labels: c.axis.labels === 'all' ? beyond : Number(c.axis.labels),
    median: 100 * median(c.values),
    low: 100 * Math.min(...c.values),
    high: 100 * Math.max(...c.values),
  }));
  const columns = Math.min(3, tasks.length);
  const counts = [...new Set(values.map(v => v.labels))];
  const x = {
    field: 'labels',
    type: 'quantitative' as const,
    scale: {type: 'log' as const, nice: false},
    title: 'Labels',
    axis: {
      values: counts,
      grid: false,
      labelExpr: `datum.value > ${largest} ? 'all' : format(datum.value, ',d')`,
    },
  };
  const {color, strokeDash} = armEncodings(arms);
  return {
    config,
    data: {values},
    facet: {field: 'task', type: 'nominal', sort: tasks, title: null},
    columns,
    resolve: {scale: {y: 'independent'}},
    spec: {
      width: Math.round((830 - 90 * columns) / columns),
      height: 180,
      layer: [
        {
          mark: {type: 'area', opacity: 0.15},
          encoding: {
            x,
            color,
            y: {field: 'low', type: 'quantitative', scale: {zero: false}, title: 'Score × 100'},
            y2: {field: 'high'},
          },
        },
        {
          mark: {type: 'line', point: true},
          encoding: {x, color, ...(strokeDash ? {strokeDash} : {}), y: {field: 'median', type: 'quantitative'}},
        },
      ],
    },
  };
};
