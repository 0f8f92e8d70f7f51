import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import evaluate from '../../stages/evaluate.ts';
import report from '../../stages/report.ts';
import significance from '../../stages/significance.ts';
import type {ReportData} from '../../src/report/data.ts';
import {formatResults} from '../../src/report/format-results.ts';
import {parseResults} from '../../src/report/parse-results.ts';
import {renderTable, type AnyTable} from '../../src/report/table.ts';
import {csvTable} from '../../src/report/table-csv.ts';
import {cost, results, runs} from './fixture.ts';

/**
 * docs/paper-tables.md is what authors of pipelines write against: each of its lines is tried with synthetic scores, from
 * results.json to the rendered table.
 */

const root = path.join(import.meta.dirname, '../..');
const document = readFileSync(path.join(root, 'docs/paper-tables.md'), 'utf8');

const lines = [...document.matchAll(/^\| `([a-z]+(?:-[a-z]+)*-\d)` \| (.+?) \| `([a-z0-9.-]+)` \| (.*)\|$/gm)].map(
  ([, table, row, arm, against]) => ({
    table: table!,
    row: row!,
    arm: arm!,
    against: [...against!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  }),
);
const tables = [...new Set(lines.map(line => line.table))];

const metrics: Readonly<Record<string, readonly string[]>> = {
  cola: ['matthews'],
  'sst-2': ['accuracy'],
  mrpc: ['accuracy', 'f1'],
  'sts-b': ['spearman'],
  qqp: ['accuracy', 'f1'],
  mnli: ['accuracy'],
  'mnli-mm': ['accuracy'],
  qnli: ['accuracy'],
  rte: ['accuracy'],
  wnli: ['accuracy'],
  imdb: ['accuracy'],
  squad: ['exact-match', 'f1'],
};

/** Eight seeds an arm; the arm at place i of the table lies i / 20 above the first. Its axis names the labels, or nothing. */
const scoresOf = (arm: string, place: number) =>
  Object.entries(metrics).flatMap(([task, names]) =>
    names.flatMap(metric =>
      runs(
        task,
        arm,
        [0, 1, 2, 3, 4, 5, 6, 7].map(seed => 0.4 + place / 20 + seed / 1000),
        metric,
      ).map(score => ({...score, axis: place % 2 === 0 ? {labels: 'all'} : {}})),
    ),
  );

const load = async (name: string) =>
  ((await import(path.join(root, `src/report/tables/${name}.ts`))) as {default: AnyTable<ReportData>}).default;

/** As a report reads it: written to text and parsed again. */
const dataOf = (arms: readonly string[]): ReportData => {
  const written = formatResults(results(arms.flatMap(scoresOf)));
  const models = arms.map(arm => ({...cost.student, arm, layers: 4, hidden: 312, feedForward: 1200}));
  return {results: parseResults(written, 'results.json'), cost: {...cost, models}};
};

test('the document has every table with a number', () => {
  expect(tables.toSorted()).toEqual(
    [
      ...[1, 3, 4, 5].map(n => `bam-${n}`),
      ...[1, 2, 3, 4].map(n => `distilbert-${n}`),
      ...[1, 2, 3, 4, 5].map(n => `lrc-bert-${n}`),
    ].toSorted(),
  );
});

describe.each(tables)('%s', name => {
  const own = lines.filter(line => line.table === name);
  const data = dataOf(own.map(line => line.arm));

  test('each arm of the document fills its line, in every column', async () => {
    const table = await load(name);
    const text = renderTable(table, data);
    const ours = text.split('\n').filter(line => line.includes('| ours |'));
    expect(ours.map(line => line.split(' | ')[0]!.slice(2))).toEqual(own.map(line => line.row));
    for (const line of ours) expect(line).not.toMatch(/–|NaN|undefined/);
    expect(csvTable(table, data)).not.toMatch(/NaN|undefined/);
  });

  test('arms are tested against those that the document names, and so it stands below', async () => {
    const table = await load(name);
    const legend = (table.legend?.(data) ?? []).join('\n');
    const against = [...new Set(own.flatMap(line => line.against))];
    for (const arm of against) expect(legend).toMatch(new RegExp(`(better than|p: against).*\`${arm}\``));
    if (against.length === 0) expect(legend).not.toMatch(/better than|p: against/);
    expect(legend).not.toMatch(/NaN|undefined/);
    // A line above all that it is tested against is marked, or has its p; one without tests has neither.
    const text = renderTable(table, data);
    for (const {row, against} of own) {
      const line = text.split('\n').find(l => l.startsWith(`| ${row} | ours |`))!;
      expect([row, /\\\*|\(p = /.test(line)]).toEqual([row, against.length > 0]);
    }
  });
});

test.each([...document.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text!))(
  'pipeline %#: its params are valid, its tables and published numbers are files',
  text => {
    const stages = parse(text) as Record<string, {in: Record<string, unknown>; params: Record<string, unknown>}>;
    expect(Object.keys(stages)).toEqual(['evaluate', 'significance', 'report']);
    const types = {evaluate, significance, report};
    for (const [name, type] of Object.entries(types)) {
      expect(type.params.safeParse(stages[name]!.params).error).toBeUndefined();
      for (const input of Object.keys(stages[name]!.in)) expect(Object.keys(type.inputs)).toContain(input);
    }
    const {tables, published} = stages['report']!.params as {tables: string[]; published: string};
    for (const table of tables) expect(existsSync(path.join(root, `src/report/tables/${table}.ts`))).toBe(true);
    expect(existsSync(path.join(root, `src/report/published/${published}.ts`))).toBe(true);
  },
);

test('runs on disturbed text change no other table, and fill their own', async () => {
  const scores = ['lrc-bert', 'lrc-no-perturbation'].flatMap(arm => scoresOf(arm, arm === 'lrc-bert' ? 2 : 0));
  const noisy = scores.map(score => ({...score, value: score.value / 2, axis: {...score.axis, noise: 'typos'}}));
  const [clean, all] = [results(scores), results([...scores, ...noisy])].map(r => ({results: r, cost: null}));
  const main = await load('lrc-bert-3');
  expect(renderTable(main, all!)).toBe(renderTable(main, clean!));
  const robustness = renderTable(await load('lrc-bert-robustness'), all!);
  expect(robustness).toMatch(/\| rte \| accuracy \| typos \|.* 20\.2 ± 0\.1 \| 25\.2 ± 0\.1 \| \+5\.0 \[/);
  // Beside them the text as it is, from results without the axis; without any disturbed text there is nothing to tell.
  expect(robustness).toMatch(/\| rte \| accuracy \| none \|.* 40\.4 ± 0\.2 \| 50\.4 ± 0\.2 \| \+10\.0 \[/);
  expect(renderTable(await load('lrc-bert-robustness'), clean!)).not.toContain('rte');
});
