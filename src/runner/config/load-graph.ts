import type {Graph} from '../graph.ts';
import type {ConfigError} from './config-error.ts';
import {findPipeline} from './find-pipeline.ts';
import {readCachedGraph, writeCachedGraph} from './graph-cache.ts';
import {readPipelineBytes} from './read-file.ts';
import type {StageTypes} from './stage-types.ts';

export interface LoadOptions {
  readonly cwd: string;
  /** Relative to `cwd`; without it the nearest pipeline.yaml at or above `cwd`. */
  readonly file?: string | undefined;
  /** '' and 'default' mean the same. */
  readonly profile?: string | undefined;
  /** `a.b=VALUE`, VALUE in YAML; later ones win. */
  readonly set?: readonly string[] | undefined;
}

export type LoadedGraph =
  | {readonly ok: true; readonly graph: Graph; readonly cached: boolean}
  | {readonly ok: false; readonly errors: readonly ConfigError[]};

/**
 * pipeline.yaml → graph, or everything that is wrong with it. When the file, the options and the stage types in use are
 * those of last time, the graph comes from `.pipeline/graph/` and neither the YAML parser nor a stage type is loaded.
 */
export const loadGraph = async (options: LoadOptions, types: StageTypes): Promise<LoadedGraph> => {
  const found = findPipeline(options);
  if (!found.ok) return found;
  const {location} = found;
  const read = readPipelineBytes(location.file, location.shown);
  if (!read.ok) return {ok: false, errors: [read.error]};
  const profile = options.profile === 'default' ? '' : (options.profile ?? '');
  const request = {location, bytes: read.value, profile, set: options.set ?? []};
  const cached = await readCachedGraph(request, types);
  if (cached !== null) return {ok: true, graph: cached, cached: true};

  const {parsePipeline} = await import('./parse-pipeline.ts');
  const parsed = await parsePipeline(request, types);
  if (parsed.ok) await writeCachedGraph(request, parsed.graph, types);
  return parsed.ok ? {...parsed, cached: false} : parsed;
};
