import type {ContentHash} from '../state/content-hash.ts';
import {hashText} from '../state/hash-file.ts';

/** Raised when what the key means changes; older records are then no records. */
export const keySchema = 1;

/**
 * Everything that can change what an instance writes. Where it runs, how many run beside it and how long it takes are
 * not here. Each record is sorted by code unit, and so is its JSON: equal keys are equal texts.
 */
export interface Key {
  /** The shell text, or the name of the stage type. */
  readonly command: {readonly run: string} | {readonly type: string};
  /** All that the stage was given, used or not. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Only variables that the stage names. */
  readonly env: Readonly<Record<string, string | null>>;
  /** What it reads, by content: an upstream stage that wrote the same bytes again changes nothing. null = missing. */
  readonly inputs: Readonly<Record<string, ContentHash | string | null>>;
  /** Where a shell command is expected to write; a typed stage is told the places and cannot depend on them. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Compiled text of each module that the stage may load, so that comments and types do not count. */
  readonly code: Readonly<Record<string, string | null>>;
  /** Locked versions of the packages in that closure. */
  readonly packages: Readonly<Record<string, string>>;
  /** For stages that compute with the engine: backend, version, threads decide the last bits of every sum. */
  readonly engine: Readonly<Record<string, string>>;
  /** The major version: JSON, RegExp and Intl differ between them. */
  readonly node: string;
}

export const keyGroups = [
  'code',
  'command',
  'engine',
  'env',
  'inputs',
  'node',
  'outputs',
  'packages',
  'params',
] as const;

/** Closures are shared by many instances; their text is made once. */
const texts = new WeakMap<object, string>();

const groupText = (value: Key[(typeof keyGroups)[number]]): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  let text = texts.get(value);
  if (text === undefined) {
    text = flatText(value) ?? JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
    texts.set(value, text);
  }
  return text;
};

/** The same text for a record of texts alone, as most are; null for any other. Each key has nine groups. */
const flatText = (value: object): string | null => {
  let text = '';
  for (const [name, item] of Object.entries(value)) {
    if (typeof item !== 'string') return null;
    text += `${text === '' ? '{\n' : ',\n'}    ${JSON.stringify(name)}: ${JSON.stringify(item)}`;
  }
  return text === '' ? '{}' : `${text}\n  }`;
};

/** Canonical JSON of the key; `recordText` has it inside. */
export const keyText = (key: Key): string => {
  let text = '';
  for (const group of keyGroups) text += `  "${group}": ${groupText(key[group])},\n`;
  return `${text}  "schema": ${keySchema}`;
};

export const keyHash = (key: Key): string => hashText(keyText(key));

/**
 * Under what a run, its checkpoints and its outputs are kept. A typed stage is told its name and its place in the matrix and
 * may write them (the arm of predictions): what another instance wrote for an equal key is not its own. The output paths in
 * a shell command's key say the same.
 */
export const runHash = (id: string, key: Key): string =>
  'type' in key.command ? hashText(`${id}\n${keyText(key)}`) : keyHash(key);

/** A copy whose objects, at any depth, have their keys in code-unit order. */
export const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const sorted: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) sorted[name] = canonical((value as Record<string, unknown>)[name]);
  return sorted;
};
