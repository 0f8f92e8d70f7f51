import {valueNamed} from './config/path-names.ts';
import {nearestName} from './config/suggest.ts';
import type {Graph, Instance, StageOff} from './graph.ts';

/** What the user wants to be looked at, and how. */
export interface SelectOptions {
  /** `stage`, or `stage@axis=value,…` (some axes may be left out); default: everything. */
  readonly select?: readonly string[];
  /** The selected stages run even if they are fresh. */
  readonly force?: boolean;
  /** Also everything that reads from the selected stages. */
  readonly downstream?: boolean;
  /** Only the selected stages, without what they need. */
  readonly single?: boolean;
  /** `stage` or `stage@axis=value,…`: nothing but this and what it needs, of all that would be looked at otherwise. */
  readonly until?: string;
}

/** The user named a stage, axis or value that is not in the pipeline; the message says what there is. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

/**
 * Ids of the instances that `stage` or `stage@axis=value,…` name; axes that are left out take every value. Throws one
 * `SelectionError` that tells all that is wrong.
 */
export const selectInstances = (graph: Graph, select: readonly string[]): Set<string> => {
  const ids = new Set<string>();
  const problems: string[] = [];
  for (const selection of select) {
    const found = instancesOf(graph, selection);
    if ('problem' in found) problems.push(found.problem);
    else for (const {id} of found.instances) ids.add(id);
  }
  if (problems.length > 0) throw new SelectionError(problems.join('\n'));
  return ids;
};

const instancesOf = (
  graph: Graph,
  selection: string,
): {readonly instances: readonly Instance[]} | {readonly problem: string} => {
  const at = selection.indexOf('@');
  const name = at === -1 ? selection : selection.slice(0, at);
  const ofStage = graph.instances.filter(({stage}) => stage === name);
  const off = graph.off?.find(stage => stage.name === name);
  if (off !== undefined) return {problem: offText(off)};
  if (ofStage.length === 0) {
    const names = graph.stages.map(stage => stage.name);
    return {problem: `there is no stage "${name}". ${guessOrList(name, names, 'Stages')}`};
  }
  let left = ofStage;
  for (const pair of at === -1 ? [] : selection.slice(at + 1).split(',')) {
    const problem = pairProblem(pair, selection, ofStage);
    if (problem !== null) return {problem};
    const [axis, value] = splitPair(pair);
    const meant = valueNamed(valuesOf(ofStage, axis), value!);
    left = left.filter(instance => instance.axis[axis] === meant);
  }
  if (left.length > 0) return {instances: left};
  return {problem: `"${selection}" names no instance: this combination is excluded, as in \`exclude:\` of ${name}`};
};

/** Why a stage that stands in the file has nothing to run, and what changes that. */
export const offText = ({name, axis, place, var: variable}: StageOff): string => {
  const remedy = variable === undefined ? '' : `; --set ${variable}=[VALUE,…] gives it some`;
  return `the stage "${name}" is switched off: its axis "${axis}" has no values (${place})${remedy}`;
};

/** What is wrong with one `axis=value`, or null. */
const pairProblem = (pair: string, selection: string, ofStage: readonly Instance[]): string | null => {
  const {stage, axis: firstAxis} = ofStage[0]!;
  const axes = Object.keys(firstAxis);
  const [axis, value] = splitPair(pair);
  const found = `found "${pair}" in "${selection}"`;
  if (axes.length === 0) return `expected only "${stage}", which has no axes, ${found}`;
  if (value === undefined) return `expected ${stage}@axis=value,…, such as ${ofStage[0]!.id}, ${found}`;
  if (!axes.includes(axis)) {
    return `the stage "${stage}" has no axis "${axis}" ("${selection}"). ${guessOrList(axis, axes, 'Axes')}`;
  }
  const values = valuesOf(ofStage, axis);
  if (valueNamed(values, value) !== undefined) return null;
  return `the axis "${axis}" of ${stage} has no value "${value}" ("${selection}"). ${guessOrList(value, values, 'Values')}`;
};

const valuesOf = (instances: readonly Instance[], axis: string): string[] => [
  ...new Set(instances.map(instance => instance.axis[axis]!)),
];

const splitPair = (pair: string): [string, string | undefined] => {
  const at = pair.indexOf('=');
  return at === -1 ? [pair.trim(), undefined] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
};

/** Of numbers none is nearer than the others: a list helps more than a guess. */
const guessOrList = (name: string, known: readonly string[], what: string): string => {
  const guess = /^[\d.]*$/.test(name) ? null : nearestName(name, known);
  if (guess !== null) return `Did you mean "${guess}"?`;
  const more = known.length > 20 ? `, … (${known.length})` : '';
  return `${what}: ${known.slice(0, 20).join(', ')}${more}`;
};

export interface Scope {
  /** What the user named (everything, if nothing): `--force` is for these. */
  readonly named: ReadonlySet<string>;
  /** What is looked at: the named ones, what they need, what reads from them; in topological order. */
  readonly instances: readonly Instance[];
}

export const scopeOf = (graph: Graph, options: SelectOptions): Scope => {
  const {select = [], until} = options;
  const everything = select.length === 0;
  // Both are read before anything is done, so that mistakes in both are told at once.
  const chosen = selectInstances(graph, until === undefined ? select : [...select, until]);
  const named = until === undefined ? chosen : selectInstances(graph, select);
  const included = everything ? new Set(graph.instances.map(({id}) => id)) : new Set(named);
  if (!everything) {
    if (options.downstream === true) {
      for (const {id, needs} of graph.instances) if (needs.some(need => included.has(need))) included.add(id);
    }
    if (options.single !== true) addNeeds(graph, included);
  }
  if (until !== undefined) {
    const last = selectInstances(graph, [until]);
    addNeeds(graph, last);
    for (const id of included) if (!last.has(id)) included.delete(id);
    if (included.size === 0) {
      throw new SelectionError(`nothing to run: ${select.join(', ')} is not needed by "${until}", where to stop`);
    }
  }
  return {
    named: everything ? included : named,
    instances:
      included.size === graph.instances.length ? graph.instances : graph.instances.filter(({id}) => included.has(id)),
  };
};

const addNeeds = (graph: Graph, included: Set<string>): void => {
  for (const {id, needs} of graph.instances.toReversed()) {
    if (included.has(id)) for (const need of needs) included.add(need);
  }
};
