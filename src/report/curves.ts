import {z} from 'zod';
import {distillationSchema} from './results.ts';

/** The metrics of one distillation as its stage writes them: the summary and what happened on the way. */
export const curveSchema = distillationSchema.extend({
  steps: z.array(
    z.looseObject({
      step: z.number(),
      loss: z.number(),
      rate: z.number().optional(),
      heldOutCosine: z.number().nullable().optional(),
    }),
  ),
});

export type Curve = z.output<typeof curveSchema>;

export interface Point {
  readonly step: number;
  readonly value: number;
}

/**
 * At most `most` points, each the mean of a stretch of steps and placed at the stretch's last step: a loss of every step
 * is noise on paper, and thousands of points are no picture for git.
 */
export const thinned = (points: readonly Point[], most: number): Point[] => {
  if (points.length <= most) return [...points];
  return Array.from({length: most}, (_, i) => {
    const stretch = points.slice(Math.floor((i * points.length) / most), Math.floor(((i + 1) * points.length) / most));
    return {step: stretch.at(-1)?.step ?? 0, value: stretch.reduce((sum, p) => sum + p.value, 0) / stretch.length};
  });
};

export const lossOf = (curve: Curve): Point[] => curve.steps.map(({step, loss}) => ({step, value: loss}));

/** From what the student was before it learnt anything, at step 0. */
export const cosineOf = ({untrained, steps}: Curve): Point[] =>
  [{step: 0, heldOutCosine: untrained?.heldOutCosine}, ...steps].flatMap(({step, heldOutCosine}) =>
    typeof heldOutCosine === 'number' ? [{step, value: heldOutCosine}] : [],
  );
