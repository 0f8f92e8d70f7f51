import type {ErrorDetails, Problems} from './config-error.ts';
import type {ListNode, MapNode, Node} from './nodes.ts';
import {describe} from './nodes.ts';
import type {Place} from './source-text.ts';
import {didYouMean} from './suggest.ts';

/** Keys that other tools use for the same thing. */
const synonyms: Readonly<Record<string, string>> = {
  inputs: 'in',
  input: 'in',
  deps: 'in',
  dependencies: 'in',
  outputs: 'out',
  output: 'out',
  outs: 'out',
  cmd: 'run',
  command: 'run',
  script: 'run',
  parameters: 'params',
  args: 'params',
  with: 'params',
  timeout: 'timeoutMinutes',
  retry: 'retries',
  variables: 'vars',
};

/** Reports every key that is not among `known`. */
export const checkKeys = (map: MapNode, known: readonly string[], what: string, problems: Problems): void => {
  for (const [name, {key}] of map.entries) {
    if (known.includes(name)) continue;
    const meant = synonyms[name];
    const suggestion =
      meant !== undefined && known.includes(meant) ? `Did you mean "${meant}"?` : didYouMean(name, known);
    const details = {expected: known.join(', '), suggestion};
    problems.add(
      'unknown-key',
      key,
      `unknown key "${name}" in ${what}`,
      suggestion === undefined ? details : {suggestion},
    );
  }
};

/** The value of a key; undefined when it is absent or has nothing after the colon. */
export const field = (map: MapNode, name: string): Node | undefined => {
  const value = map.entries.get(name)?.value;
  return value?.kind === 'scalar' && value.value === null ? undefined : value;
};

export const wrongType = (
  problems: Problems,
  node: Node,
  what: string,
  expected: string,
  more: ErrorDetails = {},
): null => {
  problems.add('wrong-type', node, `wrong value for ${what}`, {expected, found: describe(node), ...more});
  return null;
};

export const asMap = (node: Node, what: string, problems: Problems): MapNode | null =>
  node.kind === 'map' ? node : wrongType(problems, node, what, 'a map');

export const asList = (node: Node, what: string, problems: Problems): ListNode | null =>
  node.kind === 'list' ? node : wrongType(problems, node, what, 'a list');

export const asText = (node: Node, what: string, problems: Problems): string | null =>
  node.kind === 'scalar' && typeof node.value === 'string' && node.value !== ''
    ? node.value
    : wrongType(problems, node, what, 'a text');

export const asBoolean = (node: Node, what: string, problems: Problems): boolean | null =>
  node.kind === 'scalar' && typeof node.value === 'boolean'
    ? node.value
    : wrongType(problems, node, what, 'true or false');

export interface NumberRule {
  readonly whole: boolean;
  readonly min: number;
  /** True when `min` itself is not allowed. */
  readonly above?: boolean;
}

export const asNumber = (node: Node, what: string, rule: NumberRule, problems: Problems): number | null => {
  const value = node.kind === 'scalar' ? node.value : null;
  const fits =
    typeof value === 'number' &&
    (rule.above === true ? value > rule.min : value >= rule.min) &&
    (!rule.whole || Number.isInteger(value));
  if (fits) return value;
  const kind = rule.whole ? 'a whole number' : 'a number';
  return wrongType(
    problems,
    node,
    what,
    rule.above === true ? `${kind} above ${rule.min}` : `${kind}, ${rule.min} or more`,
  );
};

const nameRules = {
  stage: /^[A-Za-z0-9_][A-Za-z0-9_-]*$/,
  axis: /^[A-Za-z_][A-Za-z0-9_-]*$/,
  var: /^[A-Za-z_][A-Za-z0-9_-]*$/,
  param: /^[A-Za-z_][A-Za-z0-9_-]*$/,
  profile: /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
  pipeline: /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
  input: /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
  output: /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
} as const;

/** Names go into file names, references and ids: those letters only that mean nothing there. */
export const checkName = (name: string, kind: keyof typeof nameRules, place: Place, problems: Problems): boolean => {
  if (nameRules[kind].test(name)) return true;
  const dots = nameRules[kind].source.includes('.') ? ', "-" and "."' : ' and "-"';
  problems.add(
    'bad-name',
    place,
    `"${name}" cannot be the name of ${kind === 'axis' || kind === 'output' || kind === 'input' ? 'an' : 'a'} ${kind}`,
    {
      expected: `letters, digits, "_"${dots}`,
    },
  );
  return false;
};
