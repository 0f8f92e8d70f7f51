import {defaultResources, type Resources} from '../../contract/resources.ts';
import type {NumberRule} from './fields.ts';
import {asBoolean, asList, asMap, asNumber, asText, checkKeys, field} from './fields.ts';
import type {MapNode} from './nodes.ts';
import type {Scope} from './names.ts';
import {substitute, substituteItems} from './substitute.ts';

/** How a stage is run, apart from what it computes. */
export interface Settings {
  readonly env: readonly string[];
  readonly resources: Resources;
  readonly frozen: boolean;
  readonly always: boolean;
  readonly retries: number;
  readonly timeoutMinutes: number | null;
}

const resourceRules: Readonly<Record<keyof Resources, NumberRule>> = {
  cpus: {whole: true, min: 1},
  memoryMb: {whole: false, min: 0, above: true},
  gpus: {whole: true, min: 0},
  minutes: {whole: false, min: 0, above: true},
};

export const readSettings = (body: MapNode, scope: Scope): Settings => {
  const {problems} = scope;
  const flag = (name: 'frozen' | 'always'): boolean => {
    const node = replaced(body, name, scope);
    return node !== null && (asBoolean(node, name, problems) ?? false);
  };
  const number = (name: 'retries' | 'timeoutMinutes', rule: NumberRule): number | null => {
    const node = replaced(body, name, scope);
    return node === null ? null : asNumber(node, name, rule, problems);
  };
  const settings: Settings = {
    env: readEnv(body, scope),
    resources: readResources(body, scope),
    frozen: flag('frozen'),
    always: flag('always'),
    retries: number('retries', {whole: true, min: 0}) ?? 0,
    timeoutMinutes: number('timeoutMinutes', {whole: false, min: 0, above: true}),
  };
  if (settings.frozen && settings.always) {
    const place = body.entries.get('always')!.key;
    problems.add('contradiction', place, 'a stage cannot be both frozen (never rerun) and always (rerun each time)');
  }
  return settings;
};

const replaced = (body: MapNode, name: string, scope: Scope) => {
  const node = field(body, name);
  return node === undefined ? null : substitute(node, scope);
};

const readEnv = (body: MapNode, scope: Scope): string[] => {
  const node = field(body, 'env');
  const list = node === undefined ? null : asList(node, 'env', scope.problems);
  const items = list === null ? null : substituteItems(list, scope);
  const names: string[] = [];
  for (const item of items?.items ?? []) {
    const name = asText(item, 'a variable in env', scope.problems);
    if (name === null) continue;
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) names.push(name);
    else {
      const suggestion = name.includes('=') ? 'Only names stand here; the values are those of the shell' : undefined;
      scope.problems.add('bad-name', item, `"${name}" cannot be the name of an environment variable`, {suggestion});
    }
  }
  return [...new Set(names)];
};

const readResources = (body: MapNode, scope: Scope): Resources => {
  const node = replaced(body, 'resources', scope);
  const map = node === null ? null : asMap(node, 'resources', scope.problems);
  if (map === null) return defaultResources;
  const names = Object.keys(resourceRules) as (keyof Resources)[];
  checkKeys(map, names, 'resources', scope.problems);
  const resources: Record<keyof Resources, number> = {...defaultResources};
  for (const name of names) {
    const value = field(map, name);
    if (value === undefined) continue;
    resources[name] = asNumber(value, name, resourceRules[name], scope.problems) ?? resources[name];
  }
  return resources;
};
