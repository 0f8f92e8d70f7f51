import type {Axis} from '../../contract/stage.ts';
import {asList, asMap, checkName, wrongType} from './fields.ts';
import type {ListNode, MapNode, Node, ScalarNode} from './nodes.ts';
import {describe, listNode} from './nodes.ts';
import {expandRanges} from './range.ts';
import type {Scope} from './names.ts';
import {substitute, substituteItems} from './substitute.ts';
import {didYouMeanOrKnown} from './suggest.ts';

const mostInstances = 100_000;

/** One choice of axis values: as strings for ids and references, and as written for `${axis}`. */
export interface Combination {
  readonly axis: Axis;
  readonly values: ReadonlyMap<string, Node>;
}

/** Outside a matrix there is one instance without axes. */
export const noMatrix: readonly Combination[] = [{axis: {}, values: new Map()}];

/**
 * All combinations of a matrix in the order of its axes, the last axis turning fastest; null after an error. An axis
 * without values (by a var that is an empty list) leaves none: the stage is switched off.
 */
export const expandMatrix = (
  matrix: MapNode,
  stageExclude: Node | undefined,
  scope: Scope,
): readonly Combination[] | null => {
  const {problems} = scope;
  const axes: {name: string; values: readonly ScalarNode[]}[] = [];
  let complete = true;
  for (const [name, {key, value}] of matrix.entries) {
    if (name === 'exclude') continue;
    if (name === 'params')
      problems.add('bad-name', key, 'an axis cannot be called "params": ${params.x} means a param');
    const values = checkName(name, 'axis', key, problems) ? readAxis(name, value, scope) : null;
    if (values === null) complete = false;
    else axes.push({name, values});
  }
  const names = axes.map(axis => axis.name);
  const excludes: Axis[] = [];
  for (const exclude of [matrix.entries.get('exclude')?.value, stageExclude]) {
    const rules = exclude === undefined ? [] : complete ? readExclude(exclude, names, scope) : null;
    if (rules === null) complete = false;
    else excludes.push(...rules);
  }
  if (!complete) return null;

  const count = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (count > mostInstances) {
    problems.add('too-large', matrix, 'too many instances', {
      expected: `at most ${mostInstances}`,
      found: String(count),
    });
    return null;
  }
  const combinations = combine(axes).filter(({axis}) => !excludes.some(rule => matches(rule, axis)));
  const isOff = axes.some(axis => axis.values.length === 0);
  if (axes.length > 0 && (combinations.length > 0 || isOff)) return combinations;
  problems.add(
    'empty-matrix',
    matrix,
    axes.length === 0 ? 'a matrix needs an axis' : 'exclude leaves nothing of the matrix',
  );
  return null;
};

const readAxis = (name: string, node: Node, scope: Scope): readonly ScalarNode[] | null => {
  const {problems} = scope;
  const before = problems.count;
  const items = readItems(node, `the axis "${name}"`, scope);
  if (items === null || problems.count > before) return null;
  // An empty list of vars switches a stage off (a profile fills it); one that is written here is a mistake.
  if (items.items.length === 0 && node.kind === 'list') {
    problems.add('empty-matrix', node, `the axis "${name}" has no values`);
    return null;
  }
  const seen = new Map<string, Node>();
  let complete = true;
  for (const item of items.items) {
    if (item.kind !== 'scalar' || item.value === null) {
      wrongType(problems, item, `a value of the axis "${name}"`, 'a text, number, true or false');
      complete = false;
      continue;
    }
    const text = String(item.value);
    if (seen.has(text)) {
      const suggestion = 'Axis values are compared as texts';
      problems.add('duplicate-axis-value', item, `the axis "${name}" has the value ${describe(item)} twice`, {
        suggestion,
      });
      complete = false;
    }
    seen.set(text, item);
  }
  return complete ? (items.items as readonly ScalarNode[]) : null;
};

/** The first axis that has no values, by its name and where they would stand; null when all have some. */
export const emptyAxis = (matrix: MapNode, scope: Scope): {readonly name: string; readonly at: Node} | null => {
  for (const [name, {value}] of matrix.entries) {
    if (name !== 'exclude' && readItems(value, name, scope)?.items.length === 0) return {name, at: value};
  }
  return null;
};

/** A list (a `{range: …}` in it counts for its numbers), a range, or one `${name}` that stands for a list. */
const readItems = (node: Node, what: string, scope: Scope): ListNode | null => {
  if (node.kind !== 'list') {
    const value = substitute(node, scope);
    return value === null ? null : asList(expandRanges(value, scope.problems), what, scope.problems);
  }
  const list = substituteItems(node, scope);
  if (list === null) return null;
  const items = list.items.flatMap(item => {
    const expanded = item.kind === 'map' ? expandRanges(item, scope.problems) : item;
    return item.kind === 'map' && expanded.kind === 'list' ? expanded.items : [item];
  });
  return listNode(list, items);
};

const readExclude = (node: Node, axes: readonly string[], scope: Scope): Axis[] | null => {
  const {problems} = scope;
  const list = readItems(node, 'exclude', scope);
  if (list === null) return null;
  const rules = list.items.map(item => {
    const map = asMap(item, 'a rule of exclude', problems);
    if (map === null) return null;
    const rule: Record<string, string> = {};
    for (const [name, {key, value}] of map.entries) {
      if (!axes.includes(name)) {
        const suggestion = didYouMeanOrKnown(name, axes, 'axes');
        problems.add('unknown-axis', key, `exclude names "${name}", which is not an axis`, {suggestion});
      } else if (value.kind !== 'scalar') wrongType(problems, value, `"${name}" in exclude`, 'one value of the axis');
      else rule[name] = String(value.value);
    }
    return Object.keys(rule).length === map.entries.size && map.entries.size > 0 ? rule : null;
  });
  return rules.includes(null) ? null : (rules as Axis[]);
};

const matches = (rule: Axis, axis: Axis): boolean =>
  Object.entries(rule).every(([name, value]) => axis[name] === value);

const combine = (axes: readonly {name: string; values: readonly ScalarNode[]}[]): Combination[] => {
  let combinations: Combination[] = [...noMatrix];
  for (const {name, values} of axes) {
    combinations = combinations.flatMap(before =>
      values.map(value => ({
        axis: {...before.axis, [name]: String(value.value)},
        values: new Map(before.values).set(name, value),
      })),
    );
  }
  return combinations;
};
