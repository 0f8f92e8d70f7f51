import {cutTable} from '../report/diff-tables.ts';
import {readRecords, type Records} from './lock-graph.ts';
import type {ReportChoice} from './choose-reports.ts';
import {readHere, readSides, type Sides} from './read-reports.ts';
import type {Snapshot} from './revision.ts';
import {UserError} from './user-error.ts';

/** A param of a stage: every value that its instances have, as JSON, in the order of the instances. */
export interface ShownParam {
  /** `pipeline.lock` or its subfolder: whose stage it is. */
  readonly pipeline: string;
  readonly stage: string;
  readonly param: string;
  readonly values: readonly string[];
}

export interface ChangedParam extends Omit<ShownParam, 'values'> {
  readonly old: readonly string[];
  readonly new: readonly string[];
}

export type Params =
  | {readonly kind: 'shown'; readonly params: readonly ShownParam[]}
  | {readonly kind: 'differences'; readonly params: readonly ChangedParam[]};

export const readParams = async (choice: ReportChoice): Promise<Params> => ({
  kind: 'shown',
  params: [...paramsOf(await readHere(choice)).values()],
});

export const diffParams = async (sides: Sides): Promise<Params> => {
  const [old, now] = (await readSides(sides)).map(paramsOf) as [Known, Known];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const params = names.flatMap(name => {
    const [before, after] = [old.get(name), now.get(name)];
    const {pipeline, stage, param} = (before ?? after)!;
    const [was, is] = [before?.values ?? [], after?.values ?? []];
    return was.join('\0') === is.join('\0') ? [] : [{pipeline, stage, param, old: was, new: is}];
  });
  return {kind: 'differences', params};
};

type Known = Map<string, ShownParam>;

/** From the lock files: what results were made with, which the pipeline file may have left behind since. */
const paramsOf = (side: Snapshot): Known => {
  const locks = [...side.files].filter(([file]) => file.startsWith('pipeline.lock/'));
  if (locks.length === 0)
    throw new UserError(
      `there are no lock files (${side.chosen?.replace(/^reports/, 'pipeline.lock') ?? 'pipeline.lock'}/) at ${side.name}: run the pipeline, and commit them with the reports.`,
    );
  const known: Known = new Map();
  for (const pipeline of [...new Set(locks.map(([file]) => file.slice(0, file.lastIndexOf('/'))))].sort()) {
    const own = locks.filter(([file]) => file.slice(0, file.lastIndexOf('/')) === pipeline);
    for (const shown of collected(pipeline, readRecords(new Map(own)))) {
      known.set([shown.pipeline, shown.stage, shown.param].join('\0'), shown);
    }
  }
  return known;
};

const collected = (pipeline: string, records: Records): ShownParam[] => {
  const values = new Map<string, {stage: string; param: string; values: string[]}>();
  for (const [id, {key}] of [...records].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const stage = id.replace(/@.*$/s, '');
    for (const [param, value] of flat(key.params)) {
      const name = `${stage}\0${param}`;
      const entry = values.get(name) ?? {stage, param, values: []};
      if (!entry.values.includes(value)) entry.values.push(value);
      values.set(name, entry);
    }
  }
  return [...values.values()].map(entry => ({pipeline, ...entry}));
};

/** `{student: {hidden: 192}}` → `student.hidden`; lists stay whole. */
const flat = (value: unknown, path: readonly string[] = []): [string, string][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => flat(inner, [...path, key]))
    : [[path.join('.'), JSON.stringify(value)]];

const listText = (values: readonly string[]): string => (values.length === 0 ? '–' : values.join(', '));

const cuts = [Infinity, 500, 200, 100, 50, 20, 5, 0];

export const paramsMarkdown = (shown: Params, maxChars: number): string => {
  if (shown.kind === 'differences' && shown.params.length === 0) return 'The params are the same.';
  const isOne = new Set(shown.params.map(p => p.pipeline)).size < 2;
  const stage = (p: {pipeline: string; stage: string}): string => (isOne ? p.stage : `${p.pipeline}: ${p.stage}`);
  const [head, rows] =
    shown.kind === 'shown'
      ? [['Stage', 'Param', 'Value'], shown.params.map(p => [stage(p), p.param, listText(p.values)])]
      : [
          ['Stage', 'Param', 'Old', 'New'],
          shown.params.map(p => [stage(p), p.param, listText(p.old), listText(p.new)]),
        ];
  for (const most of cuts) {
    const text = cutTable(head, rows, most, head.length).trim();
    if (text.length <= maxChars) return text;
  }
  return cutTable(head, rows, 0, head.length).trim();
};
