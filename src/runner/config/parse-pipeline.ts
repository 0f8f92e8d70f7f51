import type {Graph} from '../graph.ts';
import {buildGraph} from './build-graph.ts';
import type {ConfigError} from './config-error.ts';
import {Problems} from './config-error.ts';
import type {CacheRequest} from './graph-cache.ts';
import {parseYaml} from './parse-yaml.ts';
import {decodeUtf8} from './read-file.ts';
import {SourceText} from './source-text.ts';
import type {StageTypes} from './stage-types.ts';

export type ParsedPipeline =
  {readonly ok: true; readonly graph: Graph} | {readonly ok: false; readonly errors: readonly ConfigError[]};

/** The bytes of a pipeline file → graph or errors. Whatever the bytes are, a person's mistake never throws. */
export const parsePipeline = async (request: CacheRequest, types: StageTypes): Promise<ParsedPipeline> => {
  const {location, bytes, profile, set} = request;
  const decoded = decodeUtf8(bytes, location.shown);
  if (!decoded.ok) return {ok: false, errors: [decoded.error]};
  const source = new SourceText(location.shown, decoded.value);
  const problems = new Problems();
  try {
    const document = parseYaml(source, problems);
    const graph = await buildGraph(document, source, {location, profile, set, types, problems});
    if (graph !== null && !problems.any) return {ok: true, graph};
  } catch (error) {
    // The YAML parser and the walkers here recurse; only absurd nesting overflows the stack.
    if (!(error instanceof RangeError)) throw error;
    problems.add('too-large', {source, start: 0, end: 1}, 'values are nested too deeply in this file');
  }
  if (!problems.any) throw new Error('Internal error: a pipeline file was refused without a reason');
  return {ok: false, errors: problems.sorted()};
};
