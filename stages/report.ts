import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import type {ReportData} from '../src/report/data.ts';
import type {Published} from '../src/report/results.ts';
import type {AnyTable} from '../src/report/table.ts';

const arm = z.string().min(1);
const name = z.string().regex(/^[a-z0-9-]+$/, 'expected a file name without its extension: letters, digits and -');

export default defineStage({
  description: 'Makes the markdown report, its pictures and results.json from scores, tests and measurements.',
  params: z.strictObject({
    title: z.string().min(1),
    /** What the experiment asks; without it the headline comparison is put as a question. */
    question: z.string().optional(),
    /** The comparison that stars, words and the first rows are about. */
    headline: z.strictObject({a: arm, b: arm}),
    /** What each arm is, in words, for the list of what was compared. */
    arms: z.record(arm, z.string().min(1)).default({}),
    /** What a reader must know of the settings, below that list: a sentence each. */
    notes: z.array(z.string().min(1)).default([]),
    /** Tables in their order, each a file of src/report/tables. */
    tables: z
      .array(name)
      .default(['scores', 'comparisons', 'further-tests', 'across-tasks', 'ranks', 'teacher-match', 'published']),
    /** Published numbers to print beside ours: a file of src/report/published. */
    published: name.optional(),
    /** Axes that are only another name of the seed or the arm: their values don't split a row. */
    pooled: z
      .array(z.string())
      .default(['seed', 'student', 'distillation', 'task', 'arm', 'method', 'baseline', 'control']),
    /** Axes of distillations whose value is the name of the arm. */
    armAxes: z.array(z.string()).default(['arm', 'control']),
  }),
  inputs: {
    scores: 'many',
    tests: 'any',
    curves: 'any',
    training: 'any',
    cost: 'any',
    corpus: 'any',
    tasks: 'any',
    poolings: 'any',
  },
  outputs: {
    index: {file: 'index.md', place: 'reports'},
    results: {file: 'results.json', place: 'reports'},
    cost: {file: 'cost.md', place: 'reports'},
    costs: {file: 'cost.json', place: 'reports'},
    plots: {file: 'plots', place: 'reports'},
    tables: {file: 'tables', place: 'reports'},
  },
  uses: ({tables, published}) => [
    ...tables.map(table => `src/report/tables/${table}.ts`),
    ...(published === undefined ? [] : [`src/report/published/${published}.ts`]),
  ],
  run: async ctx => {
    const {makeReport} = await import('../src/report/make-report.ts');
    const tables = await Promise.all(
      ctx.params.tables.map(async table => {
        const module = (await import(`../src/report/tables/${table}.ts`)) as {default: AnyTable<ReportData>};
        return {name: table, table: module.default};
      }),
    );
    const {published} = ctx.params;
    const figures = published
      ? ((await import(`../src/report/published/${published}.ts`)) as {default: readonly Published[]}).default
      : [];
    await asUserError(() =>
      makeReport({...ctx.params, tables, published: figures, in: ctx.in, out: ctx.out, pipeline: ctx.pipeline}),
    );
  },
});
