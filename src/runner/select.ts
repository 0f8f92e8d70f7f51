import type {Graph, Instance} from './graph.ts';
import type {SelectOptions} from './plan.ts';

/** The user named a stage or instance that is not in the pipeline; the message says what there is. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

/** Ids of the instances that `stage` or `stage@axis=value,…` name; axes that are left out take every value. */
export const selectInstances = (graph: Graph, select: readonly string[]): Set<string> => {
  const ids = new Set<string>();
  for (const selection of select) {
    const at = selection.indexOf('@');
    const name = at === -1 ? selection : selection.slice(0, at);
    const ofStage = graph.instances.filter(({stage}) => stage === name);
    if (ofStage.length === 0) {
      const names = graph.stages.map(stage => stage.name).join(', ');
      throw new SelectionError(`there is no stage \`${name}\`. Stages: ${names}`);
    }
    const wanted = at === -1 ? [] : selection.slice(at + 1).split(',');
    const found = ofStage.filter(({axis}) => wanted.every(pair => isValue(axis, pair)));
    if (found.length === 0) {
      const examples = ofStage.slice(0, 3).map(({id}) => id);
      const more = ofStage.length > examples.length ? ', …' : '';
      throw new SelectionError(
        `\`${selection}\` names no instance of ${name}. There are: ${examples.join(', ')}${more}`,
      );
    }
    for (const {id} of found) ids.add(id);
  }
  return ids;
};

const isValue = (axis: Instance['axis'], pair: string): boolean => {
  const [, name, value] = /^([^=]*)=([^]*)$/.exec(pair) ?? [];
  return name !== undefined && axis[name.trim()] === value?.trim();
};

export interface Scope {
  /** What the user named (everything, if nothing): `--force` is for these. */
  readonly named: ReadonlySet<string>;
  /** What is looked at: the named ones, what they need, what reads from them; in topological order. */
  readonly instances: readonly Instance[];
}

export const scopeOf = (graph: Graph, options: SelectOptions): Scope => {
  const {select = []} = options;
  if (select.length === 0) return {named: new Set(graph.instances.map(({id}) => id)), instances: graph.instances};
  const named = selectInstances(graph, select);
  const included = new Set(named);
  if (options.downstream === true) {
    for (const {id, needs} of graph.instances) if (needs.some(need => included.has(need))) included.add(id);
  }
  if (options.single !== true) {
    for (const {id, needs} of graph.instances.toReversed())
      if (included.has(id)) needs.forEach(need => included.add(need));
  }
  return {named, instances: graph.instances.filter(({id}) => included.has(id))};
};
