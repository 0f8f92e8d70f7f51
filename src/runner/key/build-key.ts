import path from 'node:path';
import type {StageClosure} from '../code/stage-closure.ts';
import type {Instance, Pipeline} from '../graph.ts';
import type {EngineFacts} from '../project.ts';
import type {ContentHash} from '../state/content-hash.ts';
import {hashText} from '../state/hash-file.ts';
import {expandGlob} from './expand-glob.ts';
import {canonical, type Key} from './key.ts';

/** What a key is made from, apart from the instance itself. */
export interface KeySources {
  readonly pipeline: Pipeline;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly engine: () => EngineFacts | null;
  readonly closure: (instance: Instance) => StageClosure | null;
  /** Content at a root-relative path; links in a folder are kept, as in an output. */
  readonly hash: (file: string) => ContentHash | null;
  /** Content of an input that no stage writes; links that lead out of a folder are followed, as its readers do. */
  readonly hashInput: (file: string) => ContentHash | null;
  /** What an upstream instance has written (or will have restored); undefined while that is not known. */
  readonly written: (instance: string, output: string) => ContentHash | undefined;
}

export interface BuiltKey {
  readonly key: Key;
  /** Items of `key.inputs` that wait for an upstream stage: their values are not known yet. */
  readonly unknown: readonly string[];
  /** Paths that do not exist, and globs that match nothing. */
  readonly missing: readonly string[];
  /** Item of `key.inputs` → root-relative path, for messages and for the check after the job. */
  readonly paths: ReadonlyMap<string, string>;
}

const none: Readonly<Record<string, never>> = {};
const nodeMajor = process.versions.node.split('.')[0] ?? '';

export const buildKey = (instance: Instance, sources: KeySources): BuiltKey => {
  const {command} = instance;
  const closure = command.kind === 'typed' ? sources.closure(instance) : null;
  const inputs = buildInputs(instance, sources);
  return {
    ...inputs,
    key: {
      command: command.kind === 'shell' ? {run: command.text} : {type: command.type},
      params: canonical(instance.params) as Key['params'],
      env:
        instance.env.length === 0
          ? none
          : Object.fromEntries([...instance.env].sort().map(name => [name, visibleValue(name, sources.env[name])])),
      inputs: inputs.values,
      outputs: command.kind === 'shell' ? outputPaths(instance) : none,
      code: closure?.files ?? none,
      packages: closure?.packages ?? none,
      engine: command.kind === 'typed' && command.engine ? engineItems(instance, sources.engine()) : none,
      node: nodeMajor,
    },
  };
};

const buildInputs = (instance: Instance, {pipeline, hashInput, written}: KeySources) => {
  const items: [string, ContentHash | string | null][] = [];
  const unknown: string[] = [];
  const missing: string[] = [];
  const paths = new Map<string, string>();
  const isTyped = instance.command.kind === 'typed';
  const add = (input: string, file: string, content: ContentHash | null | undefined): void => {
    // A shell command sees paths, a typed stage sees names: giving an input another name changes what it does.
    const item = isTyped ? `${input}: ${portable(file, pipeline)}` : file;
    items.push([item, content ?? null]);
    paths.set(item, file);
    if (content === undefined) unknown.push(item);
    if (content === null) missing.push(file);
  };
  for (const {name, sources} of instance.inputs) {
    for (const source of sources) {
      if (source.kind === 'output') add(name, source.path, written(source.instance, source.output));
      else if (!source.glob) add(name, source.path, hashInput(source.path));
      else {
        // What it writes itself is no input, even where the glob would match it.
        const found = expandGlob(pipeline.root, source.path).filter(file => !isOwnOutput(instance, file));
        if (found.length === 0) missing.push(source.path);
        for (const file of found) add(name, file, hashInput(file));
      }
    }
    // A sorted record forgets in which order a stage is given several files.
    if (isTyped && sources.length > 1) {
      items.push([
        `${name}: order`,
        hashText(sources.map(({path}) => portable(path, pipeline)).join('\n')).slice(0, 16),
      ]);
    }
  }
  items.sort(([a], [b]) => (a < b ? -1 : 1));
  return {values: items.length === 0 ? none : Object.fromEntries(items), unknown, missing, paths};
};

const isOwnOutput = ({outputs}: Instance, file: string): boolean =>
  outputs.some(output => file === output.path || file.startsWith(`${output.path}/`));

/** The same stage of another profile has its artifacts elsewhere; that alone is no difference. */
const portable = (file: string, {artifactsDir}: Pipeline): string =>
  artifactsDir !== 'artifacts' && file.startsWith(`${artifactsDir}/`)
    ? `artifacts${file.slice(artifactsDir.length)}`
    : file;

/** Records are committed: what looks like a secret stands there as a hash. */
const visibleValue = (name: string, value: string | undefined): string | null => {
  if (value === undefined) return null;
  return /token|secret|passw|key|credential/i.test(name) ? `sha256 ${hashText(value).slice(0, 16)}` : value;
};

const outputPaths = (instance: Instance): Record<string, string> =>
  Object.fromEntries(
    instance.outputs
      .map(output => [output.name, path.posix.normalize(output.path)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const engineItems = (instance: Instance, facts: EngineFacts | null): Record<string, string> =>
  facts === null ? {} : {backend: facts.backend, threads: String(instance.resources.cpus), version: facts.version};
