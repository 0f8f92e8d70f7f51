import {z} from 'zod';
import {axisText} from './cells.ts';
import {groupBy} from './order.ts';
import type {Point} from './curves.ts';
import type {RunLine} from './plots/run-lines.ts';

const term = z.object({value: z.number(), weighted: z.number()});

/** The course of one training on labels, as its stage writes it. */
export const trainingSchema = z.looseObject({
  task: z.string(),
  arm: z.string(),
  axis: z.record(z.string(), z.string()).default({}),
  seed: z.number().nullable(),
  steps: z.array(
    z.looseObject({
      step: z.number(),
      loss: z.number(),
      /** Each term of the loss as it is, and times its weight at that step. */
      terms: z.record(z.string(), term).optional(),
    }),
  ),
});

export type Training = z.output<typeof trainingSchema>;

/** Trainings that may share a panel: of one task, on the same axes. */
export const trainingPanels = (trainings: readonly Training[]): Map<string, Training[]> => {
  const isShared = new Set(trainings.map(({axis}) => axisText(axis))).size < 2;
  return groupBy(trainings, ({task, axis}) => [task, isShared ? '' : axisText(axis)].filter(Boolean).join(', '));
};

export const lossLine = ({arm, seed, steps}: Training): RunLine => ({
  arm,
  seed,
  points: steps.map(({step, loss}) => ({step, value: loss})),
});

/** The term as it is, not times its weight: what a switched-off term does is the point of looking. */
export const termLine = ({arm, seed, steps}: Training, name: string): RunLine => ({
  arm,
  seed,
  points: steps.flatMap(({step, terms}): Point[] => {
    const own = terms?.[name];
    return own ? [{step, value: own.value}] : [];
  }),
});

/** The terms of these trainings, in the order in which they first occur. */
export const termsOf = (trainings: readonly Training[]): string[] => [
  ...new Set(trainings.flatMap(({steps}) => steps.flatMap(({terms}) => Object.keys(terms ?? {})))),
];

/** Steps at which another set of terms begins to count: the borders of a training in stages. */
export const bordersOf = (trainings: readonly Training[]): number[] => {
  const borders = trainings.flatMap(({steps}) => {
    const active = steps.map(({terms}) =>
      Object.entries(terms ?? {})
        .flatMap(([name, {weighted}]) => (weighted === 0 ? [] : [name]))
        .join(' '),
    );
    return steps.flatMap(({step}, i) => (i > 0 && active[i] !== active[i - 1] ? [step] : []));
  });
  return [...new Set(borders)].toSorted((a, b) => a - b);
};
