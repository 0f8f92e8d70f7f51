import type {TopLevelSpec} from 'vega-lite';
import {median} from '../../math/descriptive.ts';
import {armsOf} from '../cells.ts';
import {thinned} from '../curves.ts';
import {fixed, thousands} from '../format.ts';
import {groupBy} from '../order.ts';
import {gfm} from '../table.ts';
import {bordersOf, lossLine, termLine, termsOf, trainingPanels, type Training} from '../training-curves.ts';
import {lineLayers, lineRows, type RunLine} from './run-lines.ts';
import {config, fullWidth} from './style.ts';
import {pointsALine} from './training-curve.ts';

const withTerms = (trainings: readonly Training[]): Training[] => trainings.filter(t => termsOf([t]).length > 0);

/** The whole loss and each of its terms: what a column of the picture shows. */
const columnsOf = (trainings: readonly Training[]): [string, (training: Training) => RunLine][] => [
  ['Loss', lossLine],
  ...termsOf(trainings).map((name): [string, (training: Training) => RunLine] => [name, t => termLine(t, name)]),
];

/**
 * A row a task, a column the whole loss and each term (as it is, not times its weight); a stroke where another set of terms
 * begins to count, as between the stages of LRC-BERT's figure 5.
 */
export const lossTerms = (all: readonly Training[]): TopLevelSpec | null => {
  const trainings = withTerms(all);
  if (trainings.length === 0) return null;
  const arms = armsOf(trainings.map(t => t.arm));
  const columns = columnsOf(trainings);
  const width = Math.max(110, Math.round(fullWidth / columns.length) - 82);
  const most = pointsALine(trainings.length * columns.length);
  return {
    config,
    spacing: 16,
    vconcat: [...trainingPanels(trainings)].map(([task, group]) => ({
      title: task,
      spacing: 12,
      hconcat: columns.map(([name, line]) => ({
        width,
        height: 130,
        layer: [
          ...lineLayers(lineRows(group.map(line), most), arms, name),
          {
            data: {values: bordersOf(group).map(step => ({step}))},
            mark: {type: 'rule' as const, strokeDash: [4, 4], color: '#57606a'},
            encoding: {x: {field: 'step', type: 'quantitative' as const}},
          },
        ],
      })),
    })),
  };
};

const places = 8;

/** Medians over runs, a column a term. */
export const termNumbers = (all: readonly Training[]): string => {
  const trainings = withTerms(all);
  const columns = columnsOf(trainings);
  const rows = [...trainingPanels(trainings)].flatMap(([task, group]) =>
    armsOf(group.map(t => t.arm)).flatMap(arm => {
      const own = group.filter(t => t.arm === arm);
      const medians = columns.map(([, line]) => {
        const points = own.flatMap(t => thinned(line(t).points, places));
        return groupBy(points, point => String(point.step));
      });
      return [...(medians[0] ?? new Map<string, never>()).keys()].map(step => [
        task,
        arm,
        thousands(Number(step)),
        ...medians.map(at => {
          const points = at.get(step);
          return points ? fixed(median(points.map(p => p.value)), 3) : '–';
        }),
      ]);
    }),
  );
  const names = columns.map(([name]) => name);
  return gfm(['Task', 'Arm', 'Step', ...names], rows, ['left', 'left', 'right', ...names.map(() => 'right' as const)]);
};

export const termWords = (all: readonly Training[]): string[] => termsOf(withTerms(all));
