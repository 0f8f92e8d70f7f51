import {thousands} from './format.ts';
import {gfm} from './table.ts';

/** A JSON file that a stage wrote about its work, with the instance that wrote it. */
export interface Fact {
  /** `task-data@task=topic`, or the stage's name. */
  readonly origin: string;
  readonly json: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  if (typeof value === 'number') return Number.isInteger(value) ? thousands(value) : String(Number(value.toFixed(4)));
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** `{"dropped": {"short": 3}}` → `[["dropped short", "3"]]`; lists of records are left out, they are data and no facts. */
export const flattened = (json: unknown, path: readonly string[] = []): [string, string][] => {
  if (isRecord(json)) return Object.entries(json).flatMap(([key, value]) => flattened(value, [...path, key]));
  if (Array.isArray(json) && json.some(isRecord)) return [];
  return path.length === 0 || json === null ? [] : [[path.join(' '), shown(json)]];
};

/** Rows beyond these are counted, not printed. */
const most = 60;

/** One table of key and value for each file. */
export const factTables = (facts: readonly Fact[]): string =>
  facts
    .map(({json}) => {
      const rows = flattened(json);
      const left = rows.length - most;
      return gfm(
        ['What', 'How much'],
        [...rows.slice(0, most), ...(left > 0 ? [[`… and ${left} more`, '']] : [])],
        ['left', 'right'],
      );
    })
    .join('\n');

/** One table with a row for each file, where files are alike: a column a key. */
export const factRows = (facts: readonly Fact[]): string => {
  const rows = facts.map(({json}) => new Map(flattened(json)));
  const keys = [...new Set(rows.flatMap(row => [...row.keys()]))];
  if (keys.length > 12) return facts.map(fact => `**${fact.origin}**\n\n${factTables([fact])}`).join('\n');
  return gfm(
    keys,
    rows.map(row => keys.map(key => row.get(key) ?? '–')),
  );
};
