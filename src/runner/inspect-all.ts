import type {StageClosure} from './code/stage-closure.ts';
import type {Instance} from './graph.ts';
import {type Inspection, inRoot, inspect, type Surroundings} from './inspect.ts';
import type {Project} from './project.ts';
import type {Scope, SelectOptions} from './select.ts';
import type {ContentHash} from './state/content-hash.ts';
import type {OnRead} from './state/stat-cache.ts';
import type {Links} from './state/tree.ts';

export interface Overview {
  readonly inspections: ReadonlyMap<string, Inspection>;
  /** For later decisions about single instances: files are looked at again each time. */
  readonly around: Surroundings;
  /** What is known of outputs; a run adds to it what its jobs write. */
  readonly written: Map<string, Inspection['written']>;
}

/** Decides about all instances of a scope, in topological order and in one pass over the files. */
export const inspectAll = async (project: Project, scope: Scope, options: SelectOptions): Promise<Overview> => {
  const {graph, paths, stats, store, records, env, engine} = project;
  const closures = await closuresOf(project, scope.instances);
  const written: Overview['written'] = new Map();
  const inScope = new Set(scope.instances.map(({id}) => id));
  const byId = new Map(graph.instances.map(instance => [instance.id, instance]));
  const hash = (file: string): ContentHash | null => stats.hash(inRoot(paths.root, file));
  const hashInput = (file: string): ContentHash | null => stats.hash(inRoot(paths.root, file), undefined, 'follow-out');
  const hasReader = new Set(scope.instances.flatMap(({needs}) => needs));
  /** Paths of outputs. */
  const needed = new Set<string>();
  const around: Surroundings = {
    pipeline: graph.pipeline,
    env,
    engine,
    store,
    records,
    recorded: paths.recorded,
    hash,
    hashInput,
    closure: instance => closures.get(closureName(instance)) ?? null,
    written: (id, output) => {
      if (inScope.has(id)) return written.get(id)?.[output];
      // Left out by `--single`: what lies there is what is read.
      const file = byId.get(id)?.outputs.find(({name}) => name === output)?.path;
      return file === undefined ? undefined : (hash(file) ?? undefined);
    },
    isForced: id => options.force === true && scope.named.has(id),
    isNeeded: (id, output) => !hasReader.has(id) || needed.has(output),
  };

  const tell = throttled(project.onHashing);
  const remembering = (links: Links): ((file: string) => ContentHash | null) => {
    const memo = new Map<string, ContentHash | null>();
    return file => {
      let found = memo.get(file);
      if (found === undefined) memo.set(file, (found = stats.hash(inRoot(paths.root, file), tell, links)));
      return found;
    };
  };
  const once: Surroundings = {...around, hash: remembering('keep'), hashInput: remembering('follow-out')};
  const inspections = new Map<string, Inspection>();
  for (;;) {
    for (const instance of scope.instances) {
      const inspection = inspect(instance, once);
      inspections.set(instance.id, inspection);
      written.set(instance.id, inspection.written);
    }
    // Something that will run reads an output that lies nowhere: its writer must run too, and perhaps more than that.
    const before = needed.size;
    for (const {id, inputs} of scope.instances) {
      const {outcome} = inspections.get(id)!;
      if (outcome !== 'stale' && outcome !== 'may-run') continue;
      for (const source of inputs.flatMap(({sources}) => sources)) {
        if (source.kind !== 'output') continue;
        if (inspections.get(source.instance)?.absent.includes(source.path) === true) needed.add(source.path);
      }
    }
    if (needed.size === before) return {inspections, around, written};
  }
};

/** Two seconds and more of reading. */
const muchBytes = 2e9;

const throttled = (onHashing: Project['onHashing']): OnRead => {
  let [bytes, told] = [0, 0];
  return (file, size) => {
    bytes += size;
    if (bytes - told < muchBytes) return;
    told = bytes;
    onHashing?.(file, bytes);
  };
};

const closureName = ({command}: Instance): string =>
  command.kind === 'typed' ? `${command.type}\n${command.uses.join('\n')}` : '';

const closuresOf = async (
  project: Project,
  instances: readonly Instance[],
): Promise<Map<string, StageClosure | null>> => {
  const closures = new Map<string, StageClosure | null>();
  project.code.refresh();
  for (const instance of instances) {
    const name = closureName(instance);
    if (instance.command.kind === 'shell' || closures.has(name)) continue;
    closures.set(name, await project.code.closure(instance.command.type, instance.command.uses));
  }
  return closures;
};
