import {z} from 'zod';
import {factRows, type Fact} from './facts.ts';
import {thousands} from './format.ts';
import {compareCodeUnits} from './order.ts';
import {gfm} from './table.ts';

const split = z.looseObject({
  rows: z.number(),
  labels: z.record(z.string(), z.number()).nullable(),
  officialRows: z.number().optional(),
});

const summary = z.looseObject({
  task: z.string(),
  splits: z.record(z.string(), split),
  overlap: z.looseObject({texts: z.number(), rows: z.number()}),
});

const rows = (of: z.output<typeof split> | undefined): string =>
  of === undefined || of.rows === 0
    ? '–'
    : `${thousands(of.rows)}${of.officialRows === undefined ? '' : ` (officially ${thousands(of.officialRows)})`}`;

/** Share of the largest class among a split's rows: what always guessing it would score. */
const largest = (of: z.output<typeof split> | undefined): string => {
  if (!of?.labels) return '–';
  const all = Object.values(of.labels);
  return `${((100 * Math.max(...all)) / all.reduce((sum, count) => sum + count, 0)).toFixed(1)} %`;
};

/** By the first split whose labels are known: a task may be there without its training rows. */
const classes = (splits: readonly (z.output<typeof split> | undefined)[]): string => {
  const labels = splits.find(of => of?.labels)?.labels;
  return labels ? `${Object.keys(labels).length}` : 'a number';
};

/** A row a task; summaries of another form are printed as they are. */
export const taskTable = (facts: readonly Fact[]): string => {
  const read = z.array(summary).safeParse(facts.map(fact => fact.json));
  if (!read.success) return factRows(facts);
  const tasks = read.data.toSorted((a, b) => compareCodeUnits(a.task, b.task));
  return gfm(
    ['Task', 'Train rows', 'Dev rows', 'Test rows', 'Labels', 'Largest in dev', 'Texts in train and dev'],
    tasks.map(({task, splits: {train, dev, test}, overlap}) => [
      task,
      rows(train),
      rows(dev),
      rows(test),
      classes([train, dev]),
      largest(dev),
      thousands(overlap.texts),
    ]),
    ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  );
};
