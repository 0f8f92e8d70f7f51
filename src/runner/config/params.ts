import {asMap, checkName, field} from './fields.ts';
import type {MapNode} from './nodes.ts';
import {describe, mapNode, nodeAt, valueOf} from './nodes.ts';
import type {Scope} from './names.ts';
import type {Place} from './source-text.ts';
import type {ParamIssue} from './stage-types.ts';
import type {StageSpec} from './stage-spec.ts';
import {reportBroken} from './stage-spec.ts';
import {substitute} from './substitute.ts';
import {didYouMeanOrKnown} from './suggest.ts';

/** The params of one instance with `${}` replaced; null after an error in them. */
export const readParams = (spec: StageSpec, scope: Scope): MapNode | null => {
  const node = field(spec.body, 'params');
  if (node === undefined) return mapNode(spec.key, new Map());
  const map = asMap(node, 'params', scope.problems);
  if (map === null) return null;
  const names = [...map.entries].map(([name, {key}]) => checkName(name, 'param', key, scope.problems));
  const replaced = substitute(map, scope);
  return names.every(Boolean) && replaced?.kind === 'map' ? replaced : null;
};

/** Checks params by the stage type; returns the modules that it says it loads by name with these params. */
export const checkParams = (spec: StageSpec, params: MapNode, scope: Scope): readonly string[] => {
  if (spec.command.kind !== 'typed') return [];
  const {type, definition, at} = spec.command;
  try {
    const check = definition.validate(valueOf(params));
    if (check.ok) return definition.uses(check.value);
    for (const issue of check.issues) reportIssue(issue, params, at, scope);
  } catch (error) {
    reportBroken(type, at, error, scope.problems);
  }
  return [];
};

const reportIssue = (issue: ParamIssue, params: MapNode, at: Place, scope: Scope): void => {
  const {problems} = scope;
  const node = nodeAt(params, issue.path);
  const known = issue.known ?? [];
  if (issue.keys !== undefined && node.kind === 'map') {
    for (const name of issue.keys) {
      const place = node.entries.get(name)?.key ?? node;
      const path = [...issue.path, name].join('.');
      problems.add('unknown-param', place, `unknown param "${path}"`, {
        suggestion: didYouMeanOrKnown(name, known, 'params'),
      });
    }
    return;
  }
  const name = issue.path.join('.');
  const isThere = valueAt(params, issue.path) !== undefined;
  // What is missing has no place of its own: the map that should hold it, or the type that asks for it.
  const place = isThere || node !== params ? node : at;
  const what = name === '' ? 'params' : `param "${name}"`;
  const message = isThere || name === '' ? `${what}: ${wording(issue)}` : `${what} is missing: ${wording(issue)}`;
  problems.add('invalid-param', place, isThere && name !== '' ? `${message}, found ${describe(node)}` : message);
};

/** zod says what it received as a type; the value itself stands behind `found`. */
const wording = (issue: ParamIssue): string =>
  issue.message.replace(/^Invalid input: /, '').replace(/, received [\w ]+$/, '');

const valueAt = (params: MapNode, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    valueOf(params),
  );
