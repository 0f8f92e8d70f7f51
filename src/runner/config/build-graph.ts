import path from 'node:path';
import type {Graph, Instance, Pipeline, StageNode} from '../graph.ts';
import type {Problems} from './config-error.ts';
import {readCluster} from './cluster.ts';
import type {Draft} from './draft.ts';
import {draftInstance} from './draft.ts';
import {asMap, checkKeys, checkName, field} from './fields.ts';
import type {PipelineLocation} from './find-pipeline.ts';
import {defaultName, pipelineFolders} from './find-pipeline.ts';
import type {ResolvedInputs} from './inputs.ts';
import {resolveInputs} from './inputs.ts';
import type {MapNode, Node} from './nodes.ts';
import {describe} from './nodes.ts';
import type {StageEdges} from './order.ts';
import {topologicalOrder} from './order.ts';
import {OutputIndex} from './output-index.ts';
import {readRemote} from './remote.ts';
import {readVars} from './read-vars.ts';
import type {Scope} from './names.ts';
import {InstanceSet} from './select-instances.ts';
import type {Place, SourceText} from './source-text.ts';
import type {StageSpec} from './stage-spec.ts';
import {readStageSpec} from './stage-spec.ts';
import type {StageTypes} from './stage-types.ts';
import {switchedOff} from './switched-off.ts';

export interface BuildOptions {
  readonly location: PipelineLocation;
  readonly profile: string;
  readonly set: readonly string[];
  readonly types: StageTypes;
  readonly problems: Problems;
}

/** The validated graph of a parsed file; null when anything is wrong, all of which is in `problems`. */
export const buildGraph = async (
  document: Node | null,
  source: SourceText,
  options: BuildOptions,
): Promise<Graph | null> => {
  const {location, problems, types} = options;
  const start: Place = {source, start: 0, end: 1};
  if (document === null) {
    if (!problems.any) problems.add('missing-key', start, 'the file is empty', {expected: 'version: 1 and stages:'});
    return null;
  }
  const top = asMap(document, 'the pipeline', problems);
  if (top === null) return null;
  checkKeys(top, ['version', 'name', 'vars', 'profiles', 'cluster', 'remote', 'stages'], 'the pipeline', problems);
  checkVersion(top, start, problems);
  const pipeline = describePipeline(top, location, options.profile, problems);
  const vars = readVars(top, options);
  const specs = await readStages(top, start, vars, types);
  const cluster = readCluster(top, 'the pipeline', vars);
  const remote = readRemote(top, vars);

  const drafts = new Map<string, Draft[]>();
  for (const [name, spec] of specs) {
    if (spec === null) continue;
    drafts.set(
      name,
      spec.combinations.map(combination => draftInstance(spec, combination, vars, pipeline, cluster)),
    );
  }
  const stages = new Map(
    [...specs].map(([name, spec]) => [name, spec && new InstanceSet(spec.axes, drafts.get(name)!)]),
  );
  const outputs = new OutputIndex([...drafts.values()].flat(), problems);
  const world = {root: location.root, stages, outputs, problems};
  const resolved = new Map<Draft, ResolvedInputs>();
  for (const list of drafts.values()) for (const draft of list) resolved.set(draft, resolveInputs(draft, world));

  const edges = stageEdges(drafts, resolved);
  const order = topologicalOrder(edges, problems);
  if (problems.any || order === null) return null;
  const off = [...specs.values()].flatMap(spec => switchedOff(spec!, vars, pipeline.file) ?? []);
  return {...assemble({...pipeline, ...remote}, order, edges, drafts, resolved), ...(off.length > 0 ? {off} : {})};
};

const checkVersion = (top: MapNode, start: Place, problems: Problems): void => {
  const version = field(top, 'version');
  if (version === undefined) {
    problems.add('wrong-version', start, 'the version of the format is missing', {expected: 'version: 1'});
  } else if (version.kind !== 'scalar' || version.value !== 1) {
    problems.add('wrong-version', version, 'unknown version of the format', {expected: '1', found: describe(version)});
  }
};

const describePipeline = (top: MapNode, location: PipelineLocation, profile: string, problems: Problems): Pipeline => {
  const node = field(top, 'name');
  const written = node?.kind === 'scalar' && node.value !== null ? String(node.value) : null;
  if (node !== undefined) checkName(written ?? describe(node), 'pipeline', node, problems);
  const name = written ?? defaultName(location);
  return {
    name,
    profile,
    root: location.root,
    file: path.relative(location.root, location.file),
    ...pipelineFolders(location, name, profile),
  };
};

const readStages = async (
  top: MapNode,
  start: Place,
  vars: Scope,
  types: StageTypes,
): Promise<Map<string, StageSpec | null>> => {
  const {problems} = vars;
  const specs = new Map<string, StageSpec | null>();
  const node = field(top, 'stages');
  const map = node === undefined ? null : asMap(node, 'stages', problems);
  if (node === undefined || map?.entries.size === 0) {
    problems.add('missing-key', node ?? top.entries.get('stages')?.key ?? start, 'there are no stages', {
      expected: 'stages: and one stage at least',
    });
  }
  for (const [name, entry] of map?.entries ?? []) specs.set(name, await readStageSpec(name, entry, vars, types));
  return specs;
};

const stageEdges = (
  drafts: ReadonlyMap<string, readonly Draft[]>,
  resolved: ReadonlyMap<Draft, ResolvedInputs>,
): StageEdges => {
  const edges = new Map<string, Map<string, Place>>();
  for (const [name, list] of drafts) {
    const needs = new Map<string, Place>();
    for (const draft of list) {
      for (const [needed, place] of resolved.get(draft)!.needs) {
        if (!needs.has(needed.spec.name)) needs.set(needed.spec.name, place);
      }
    }
    edges.set(name, needs);
  }
  return edges;
};

const assemble = (
  pipeline: Pipeline,
  order: readonly string[],
  edges: StageEdges,
  drafts: ReadonlyMap<string, readonly Draft[]>,
  resolved: ReadonlyMap<Draft, ResolvedInputs>,
): Graph => {
  const stages: StageNode[] = [];
  const instances: Instance[] = [];
  const position = new Map([...drafts.keys()].map((name, index) => [name, index]));
  for (const name of order) {
    const list = drafts.get(name)!;
    if (list.length === 0) continue; // switched off
    const {command} = list[0]!.spec;
    stages.push({
      name,
      type: command.kind === 'typed' ? command.type : null,
      needs: [...edges.get(name)!.keys()]
        .filter(needed => drafts.get(needed)!.length > 0)
        .sort((a, b) => position.get(a)! - position.get(b)!),
      instances: list.map(draft => draft.id),
    });
    for (const draft of list) instances.push(toInstance(draft, resolved.get(draft)!));
  }
  return {pipeline, stages, instances};
};

const toInstance = (draft: Draft, {inputs, needs}: ResolvedInputs): Instance => ({
  id: draft.id,
  stage: draft.spec.name,
  axis: draft.axis,
  command: draft.command,
  params: draft.params,
  inputs,
  outputs: draft.outputs.map(({name, path: file}) => ({name, path: file})),
  needs: [...needs.keys()].map(needed => needed.id),
  ...draft.settings,
});
