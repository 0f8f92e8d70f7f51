import type {Problems} from './config-error.ts';
import type {MapNode, Node} from './nodes.ts';
import {describe, mapNode, scalarNode} from './nodes.ts';
import {parseYaml} from './parse-yaml.ts';
import {isRange} from './range.ts';
import type {Place} from './source-text.ts';
import {SourceText} from './source-text.ts';
import {didYouMean, didYouMeanOrKnown} from './suggest.ts';

/** A profile's vars over the pipeline's: maps merge key by key, everything else is replaced. */
export const overrideVars = (base: MapNode, over: MapNode, problems: Problems): MapNode => {
  for (const [name, {key}] of over.entries) {
    if (base.entries.has(name)) continue;
    const suggestion = didYouMeanOrKnown(name, [...base.entries.keys()], 'vars');
    problems.add('unknown-var', key, `the profile overrides "${name}", which is not in vars`, {suggestion});
  }
  return mergeMaps(base, over);
};

const mergeMaps = (base: MapNode, over: MapNode): MapNode => {
  const entries = new Map(base.entries);
  for (const [name, entry] of over.entries) {
    const before = base.entries.get(name)?.value;
    const merges = before?.kind === 'map' && entry.value.kind === 'map' && !isRange(before) && !isRange(entry.value);
    entries.set(name, merges ? {...entry, value: mergeMaps(before, entry.value)} : entry);
  }
  return mapNode(base, entries);
};

/** `--set a.b=VALUE`: an existing var, or a new key in a map that is one. VALUE is YAML. */
export const applySet = (vars: MapNode, option: string, problems: Problems): MapNode => {
  const source = new SourceText('--set', option, true);
  const equals = option.indexOf('=');
  const whole: Place = {source, start: 0, end: option.length};
  if (equals <= 0) {
    problems.add('bad-value', whole, 'not a setting', {expected: 'name=VALUE or name.key=VALUE'});
    return vars;
  }
  const value = readSetValue(source, equals + 1, problems);
  if (value === null) return vars;
  const place = {source, start: 0, end: equals};
  return setAt(vars, option.slice(0, equals).split('.'), 0, value, place, problems) ?? vars;
};

const readSetValue = (source: SourceText, from: number, problems: Problems): Node | null => {
  const before = problems.count;
  const value = parseYaml(source, problems, ' '.repeat(from) + source.text.slice(from));
  if (value === null) return problems.count > before ? null : scalarNode({source, start: from, end: from}, null);
  return value;
};

const setAt = (
  map: MapNode,
  steps: readonly string[],
  depth: number,
  value: Node,
  place: Place,
  problems: Problems,
): MapNode | null => {
  const step = steps[depth]!;
  const entry = map.entries.get(step);
  const isLast = depth === steps.length - 1;
  const pathOf = (name: string): string => [...steps.slice(0, depth), name].join('.');
  if (step === '' || (entry === undefined && depth === 0)) {
    const known = [...map.entries.keys()].map(pathOf);
    const suggestion = didYouMean(steps.join('.'), known) ?? didYouMeanOrKnown(pathOf(step), known, 'vars');
    problems.add('unknown-var', place, `there is no var "${steps.join('.')}"`, {suggestion});
    return null;
  }
  const entries = new Map(map.entries);
  const key = entry?.key ?? place;
  if (isLast) {
    entries.set(step, {key, value});
    return mapNode(map, entries);
  }
  // `data:` with nothing after it is a map that nobody has filled yet.
  const isEmpty = entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null);
  const inside = isEmpty ? mapNode(place, new Map()) : entry.value;
  if (inside.kind !== 'map') {
    problems.add('unknown-var', place, `"${pathOf(step)}" has no keys to set`, {
      expected: 'a map',
      found: describe(inside),
    });
    return null;
  }
  const changed = setAt(inside, steps, depth + 1, value, place, problems);
  if (changed === null) return null;
  entries.set(step, {key, value: changed});
  return mapNode(map, entries);
};
