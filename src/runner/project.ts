import path from 'node:path';
import {createStageTypes} from './code/stage-types.ts';
import {StageCode} from './code/stage-code.ts';
import {defaultTool, type Tool} from './code/tool.ts';
import type {ConfigError} from './config/config-error.ts';
import {findPipeline} from './config/find-pipeline.ts';
import {loadGraph} from './config/load-graph.ts';
import type {Graph, TypedCommand} from './graph.ts';
import {ownerConflict} from './state/owner.ts';
import {projectPaths, type ProjectPaths} from './state/paths.ts';
import {StatCache} from './state/stat-cache.ts';
import {RunRecords} from './store/run-records.ts';
import {Store} from './store/store.ts';

/** The engine that stages with `engine: true` would compute with; part of their key. Resolved without loading it. */
export interface EngineFacts {
  readonly backend: string;
  readonly version: string;
  /** What a person should know of how it was chosen; no part of the key. */
  readonly note?: string;
  /** Where its packages lie, which are in no stage's closure: jobs that compute may read there. No part of the key. */
  readonly folders?: readonly string[];
}

export interface Settings {
  /** Called at most once, and only when a stage computes with the engine. */
  readonly engine?: () => EngineFacts;
  /** The environment whose variables count. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where stages keep what they download, where a param pins it to the byte: guarded stages with such a param may use it. */
  readonly downloads?: string;
  /** Told now and then while a plan reads much to see whether it changed: the file at hand and all bytes so far. */
  readonly onHashing?: (file: string, bytes: number) => void;
  /** Where this tool's own files are; tests and unusual installations set it. */
  readonly tool?: Tool;
}

/** A pipeline opened for planning and running: the graph and the caches that all commands share. */
export interface Project {
  readonly graph: Graph;
  readonly paths: ProjectPaths;
  readonly stats: StatCache;
  readonly store: Store;
  readonly records: RunRecords;
  readonly code: StageCode;
  readonly tool: Tool;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly engine: () => EngineFacts | null;
  readonly downloads: string;
  readonly onHashing?: Settings['onHashing'];
}

/** What a guarded job of this command may read because it computes. */
export const engineFoldersOf = ({engine}: Project, {engine: computes}: TypedCommand): readonly string[] =>
  (computes ? engine()?.folders : undefined) ?? [];

/** A project for a graph that is already there. */
export const createProject = (graph: Graph, settings: Settings = {}): Project =>
  assemble(graph, settings, codeAt(graph.pipeline.root, settings));

const codeAt = (root: string, {tool = defaultTool()}: Settings): Pick<Project, 'stats' | 'code' | 'tool'> => {
  const stats = new StatCache(path.join(root, '.pipeline', 'stats'));
  return {stats, tool, code: new StageCode(root, path.join(root, '.pipeline', 'code'), tool, stats)};
};

const assemble = (graph: Graph, settings: Settings, code: ReturnType<typeof codeAt>): Project => {
  const paths = projectPaths(graph.pipeline);
  let engine: EngineFacts | null | undefined;
  return {
    ...code,
    graph,
    paths,
    store: new Store(paths, code.stats),
    records: new RunRecords(paths.records),
    env: settings.env ?? process.env,
    engine: () => (engine ??= settings.engine?.() ?? null),
    downloads: settings.downloads ?? path.join(paths.state, 'downloads'),
    ...(settings.onHashing && {onHashing: settings.onHashing}),
  };
};

export interface ProjectOptions extends Settings {
  /** Where the command was given: the pipeline file is looked for here and above. */
  readonly cwd: string;
  readonly file?: string;
  readonly profile?: string;
  /** `a.b=VALUE` strings of `--set`. */
  readonly set?: readonly string[];
}

export type OpenedProject =
  {readonly ok: true; readonly project: Project} | {readonly ok: false; readonly errors: readonly ConfigError[]};

/** Reads the pipeline file (or its cached, validated form) and opens the state beside it. */
export const openProject = async (options: ProjectOptions): Promise<OpenedProject> => {
  const found = findPipeline(options);
  if (!found.ok) return found;
  // Stage types have a say in what is valid, and live at the root.
  const code = codeAt(found.location.root, options);
  const loaded = await loadGraph(options, createStageTypes(code.code));
  if (!loaded.ok) return loaded;
  const conflict = await ownerConflict(loaded.graph.pipeline, found.location.shown);
  if (conflict !== null) return {ok: false, errors: [conflict]};
  return {ok: true, project: assemble(loaded.graph, options, code)};
};
