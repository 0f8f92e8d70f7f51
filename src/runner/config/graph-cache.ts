import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Graph} from '../graph.ts';
import type {PipelineLocation} from './find-pipeline.ts';
import {escapeSegment} from './path-names.ts';
import type {StageTypes} from './stage-types.ts';

/** Raised when the meaning of a graph or of pipeline.yaml changes. */
const schema = 4;

/** The parsed, validated form of one pipeline and profile, so that a start where nothing changed parses no YAML. */
interface Entry {
  readonly key: string;
  /** Fingerprint of each stage type in use: its schema has a say in what is valid. */
  readonly types: Readonly<Record<string, string | null>>;
  readonly graph: Graph;
}

export interface CacheRequest {
  readonly location: PipelineLocation;
  readonly bytes: Buffer;
  readonly profile: string;
  readonly set: readonly string[];
}

/** null when there is none for exactly this file, profile, settings and stage types, or when it cannot be read. */
export const readCachedGraph = async (request: CacheRequest, types: StageTypes): Promise<Graph | null> => {
  try {
    const entry = JSON.parse(readFileSync(cacheFile(request), 'utf8')) as Entry;
    if (entry.key !== keyOf(request)) return null;
    for (const [type, fingerprint] of Object.entries(entry.types)) {
      if ((await types.fingerprint(type)) !== fingerprint) return null;
    }
    return Array.isArray(entry.graph.stages) && Array.isArray(entry.graph.instances) ? entry.graph : null;
  } catch {
    // Absent, cut off or from another version: what it holds can be made again.
    return null;
  }
};

/** Written aside and renamed. A folder that cannot be written costs the next start some time, nothing else. */
export const writeCachedGraph = async (request: CacheRequest, graph: Graph, types: StageTypes): Promise<void> => {
  const used = new Set(graph.stages.flatMap(({type}) => (type === null ? [] : [type])));
  const fingerprints: Record<string, string | null> = {};
  for (const type of used) fingerprints[type] = await types.fingerprint(type);
  const entry: Entry = {key: keyOf(request), types: fingerprints, graph};
  const file = cacheFile(request);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), {recursive: true});
    writeFileSync(temporary, JSON.stringify(entry));
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, {force: true});
  }
};

const cacheFile = ({location, profile}: CacheRequest): string => {
  const file = escapeSegment(path.relative(location.root, location.file));
  return path.join(
    location.root,
    '.pipeline',
    'graph',
    `${file}${profile === '' ? '' : `@${escapeSegment(profile)}`}.json`,
  );
};

const keyOf = ({location, bytes, profile, set}: CacheRequest): string => {
  const facts = JSON.stringify([schema, ownVersion(), location.root, location.file, profile, set]);
  return createHash('sha256').update(facts).update('\0').update(bytes).digest('hex');
};

/** Another build of this program may read the same file differently. */
const ownVersion = (): string => {
  const stat = statSync(import.meta.filename, {throwIfNoEntry: false});
  return stat === undefined ? '' : `${stat.size} ${stat.mtimeMs}`;
};
