import type {Reason} from '../../contract/reason.ts';
import type {Key} from './key.ts';

/** Why `now` is not `was`, item by item, in a fixed order. Empty when they are equal. */
export const compareKeys = (was: Key, now: Key): Reason[] => {
  const reasons: Reason[] = [];
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  for (const [key, before, after] of changes(was.command, now.command)) {
    if (key === 'run' || key === 'type')
      reasons.push({kind: 'command-changed', key, was: text(before) ?? '', now: text(after) ?? ''});
  }
  // Another list of outputs is another command: there is no item of its own for it in the contract.
  if (reasons.length === 0 && changes(was.outputs, now.outputs).length > 0) {
    reasons.push({kind: 'command-changed', key: 'run', was: outputsText(was), now: outputsText(now)});
  }
  for (const [key, before, after] of changes(was.params, now.params)) {
    reasons.push({kind: 'param-changed', key, was: before ?? null, now: after ?? null});
  }
  for (const [key, before, after] of changes(was.env, now.env)) {
    reasons.push({kind: 'env-changed', key, was: text(before), now: text(after)});
  }
  const inputs = changes(was.inputs, now.inputs);
  const files = inputs.filter(([key]) => !key.endsWith(': order'));
  for (const [key, before, after] of files.length > 0 ? files : inputs) {
    reasons.push({kind: 'input-changed', key: fileOf(key, now), was: text(before), now: text(after)});
  }
  for (const [key, before, after] of changes(was.code, now.code)) {
    reasons.push({kind: 'code-changed', key, was: text(before), now: text(after)});
  }
  for (const [key, before, after] of changes(was.packages, now.packages)) {
    reasons.push({kind: 'package-changed', key, was: text(before), now: text(after)});
  }
  if (was.node !== now.node) reasons.push({kind: 'package-changed', key: 'node', was: was.node, now: now.node});
  for (const [key, before, after] of changes(was.engine, now.engine)) {
    reasons.push({kind: 'engine-changed', key, was: text(before), now: text(after)});
  }
  return reasons;
};

/** Items of typed stages are `<input>: <path>`. */
const fileOf = (item: string, {command}: Key): string => ('run' in command ? item : item.slice(item.indexOf(': ') + 2));

const outputsText = (key: Key): string => `out: ${Object.values(key.outputs).join(' ')}`;

type Group = Readonly<Record<string, unknown>>;

/** Items that differ, in code-unit order; a missing item is undefined. */
const changes = (was: Group, now: Group): [string, unknown, unknown][] => {
  if (was === now) return [];
  return [...new Set([...Object.keys(was), ...Object.keys(now)])]
    .sort()
    .filter(key => !(key in was && key in now) || JSON.stringify(was[key]) !== JSON.stringify(now[key]))
    .map(key => [key, was[key], now[key]]);
};
