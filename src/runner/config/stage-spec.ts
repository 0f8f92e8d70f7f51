import type {Problems} from './config-error.ts';
import {asMap, asText, checkKeys, checkName, field} from './fields.ts';
import type {Combination} from './matrix.ts';
import {expandMatrix, noMatrix} from './matrix.ts';
import type {MapEntry, MapNode, Node, ScalarNode} from './nodes.ts';
import type {Scope} from './names.ts';
import type {Place} from './source-text.ts';
import type {StageType, StageTypes} from './stage-types.ts';
import {substitute} from './substitute.ts';
import {didYouMeanOrKnown} from './suggest.ts';

const stageKeys = [
  'run',
  'type',
  'in',
  'out',
  'params',
  'matrix',
  'exclude',
  'env',
  'resources',
  'cluster',
  'frozen',
  'always',
  'retries',
  'timeoutMinutes',
  'hermetic',
  'reproducible',
  'tolerance',
];

/** One entry of `stages:` with its matrix expanded; what may hold `${axis}` is still as written. */
export interface StageSpec {
  readonly name: string;
  /** Where the stage's name stands. */
  readonly key: Place;
  readonly body: MapNode;
  readonly command: SpecCommand;
  readonly axes: readonly string[];
  readonly combinations: readonly Combination[];
}

export type SpecCommand =
  | {readonly kind: 'shell'; readonly run: ScalarNode}
  /** Neither can be told, which has been reported; the rest of the stage is checked all the same. */
  | {readonly kind: 'unknown'}
  | {readonly kind: 'typed'; readonly type: string; readonly at: Place; readonly definition: StageType};

/** null when the stage cannot be used, which has been reported: references to it are then not complained about. */
export const readStageSpec = async (
  name: string,
  entry: MapEntry,
  scope: Scope,
  types: StageTypes,
): Promise<StageSpec | null> => {
  const {problems} = scope;
  checkName(name, 'stage', entry.key, problems);
  const body = asMap(entry.value, `the stage "${name}"`, problems);
  if (body === null) return null;
  checkKeys(body, stageKeys, `the stage "${name}"`, problems);

  const command = await readCommand(name, entry.key, body, scope, types);
  const matrix = field(body, 'matrix');
  const exclude = field(body, 'exclude');
  if (exclude !== undefined && matrix === undefined)
    problems.add('contradiction', exclude, 'exclude needs a matrix to leave something out of');
  const matrixMap = matrix === undefined ? undefined : asMap(matrix, 'matrix', problems);
  if (matrixMap === null) return null;
  const combinations = matrixMap === undefined ? noMatrix : expandMatrix(matrixMap, exclude, scope);
  if (combinations === null) return null;
  const axes = [...(matrixMap?.entries.keys() ?? [])].filter(axis => axis !== 'exclude');
  return {name, key: entry.key, body, command: command ?? {kind: 'unknown'}, axes, combinations};
};

const readCommand = async (
  name: string,
  key: Place,
  body: MapNode,
  scope: Scope,
  types: StageTypes,
): Promise<SpecCommand | null> => {
  const {problems} = scope;
  const run = field(body, 'run');
  const type = field(body, 'type');
  if (run !== undefined && type !== undefined) {
    const place = body.entries.get('type')!.key;
    problems.add('contradiction', place, `the stage "${name}" has both run and type`, {expected: 'one of them'});
    return null;
  }
  if (run !== undefined) {
    return asText(run, 'run', problems) === null ? null : {kind: 'shell', run: run as ScalarNode};
  }
  if (type === undefined) {
    const suggestion = "Write run: with a shell command, or type: with a stage type's name";
    problems.add('missing-key', key, `the stage "${name}" has neither run nor type`, {suggestion});
    return null;
  }
  return readType(type, scope, types);
};

const readType = async (node: Node, scope: Scope, types: StageTypes): Promise<SpecCommand | null> => {
  const {problems} = scope;
  const replaced = substitute(node, scope);
  const type = replaced === null ? null : asText(replaced, 'type', problems);
  if (type === null) return null;
  try {
    const definition = await types.load(type);
    if (definition !== null) return {kind: 'typed', type, at: node, definition};
    const suggestion = didYouMeanOrKnown(type, types.names(), 'types') ?? `A stage type is a file: stages/${type}.ts`;
    problems.add('unknown-stage-type', node, `unknown stage type "${type}"`, {suggestion});
  } catch (error) {
    reportBroken(type, node, error, problems);
  }
  return null;
};

/** The stage file is the user's own code: what it throws is told, at the place that asked for it. */
export const reportBroken = (type: string, place: Place, error: unknown, problems: Problems): void => {
  const message = error instanceof Error ? error.message : String(error);
  problems.add('broken-stage-type', place, `the stage type "${type}" cannot be used: ${message}`);
};
