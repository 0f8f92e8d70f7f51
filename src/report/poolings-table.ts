import {z} from 'zod';
import {InputError} from './input-error.ts';
import type {Fact} from './facts.ts';
import {thousands} from './format.ts';
import {gfm} from './table.ts';

const schema = z.looseObject({
  split: z.string(),
  /** Task → how many pairs were looked at. */
  pairs: z.record(z.string(), z.number()),
  poolings: z.array(z.looseObject({name: z.string(), spearman: z.record(z.string(), z.number())})),
});

/** How well the cosines of the teacher's own vectors rank labelled pairs, a row for each pooling; × 100. */
export const poolingTables = (facts: readonly Fact[]): string =>
  facts
    .map(({origin, json}) => {
      const read = schema.safeParse(json);
      if (!read.success)
        throw new InputError(`The poolings of ${origin} have another form than compare-poolings gives.`);
      const {split, pairs, poolings} = read.data;
      const tasks = Object.keys(pairs);
      if (tasks.length === 0) return 'No task has pairs with scores or two classes: there was nothing to compare.\n';
      const rows = poolings.map(({name, spearman}) => [
        name,
        ...tasks.map(task => (100 * (spearman[task] ?? 0)).toFixed(1)),
      ]);
      const heads = tasks.map(task => `${task} (${thousands(pairs[task]!)} pairs)`);
      return `${gfm(['Pooling', ...heads], rows, ['left', ...tasks.map(() => 'right' as const)])}
- Spearman's correlation × 100 of the cosine of a pair's two texts with its label, on rows of the ${split} split: dev and test are not looked at.\n`;
    })
    .join('\n');
