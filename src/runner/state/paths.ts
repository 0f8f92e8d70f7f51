import {createHash} from 'node:crypto';
import path from 'node:path';
import type {Pipeline} from '../graph.ts';

/** Absolute paths of everything that the runner keeps. */
export interface ProjectPaths {
  readonly root: string;
  readonly state: string;
  readonly objects: string;
  readonly records: string;
  readonly code: string;
  readonly tmp: string;
  readonly checkpoints: string;
  /** These hold one file, or folder, an instance and are apart for each pipeline and profile. */
  readonly locks: string;
  readonly logs: string;
  readonly last: string;
  /** What executors whose jobs outlive the runner know of them; a folder each. */
  readonly jobs: string;
  readonly recorded: string;
  /** Append-only history of runs, one JSON object a line. */
  readonly runs: string;
}

export const projectPaths = (pipeline: Pipeline): ProjectPaths => {
  const {root} = pipeline;
  const state = path.join(root, '.pipeline');
  const folder = path.posix.basename(pipeline.locksDir);
  // '' for pipeline.yaml with its default profile, else `<name>[-<profile>]`.
  const scope = folder === 'pipeline.lock' ? '' : folder;
  return {
    root,
    state,
    objects: path.join(state, 'objects'),
    records: path.join(state, 'records'),
    code: path.join(state, 'code'),
    tmp: path.join(state, 'tmp'),
    checkpoints: path.join(state, 'checkpoints'),
    locks: path.join(state, 'locks', scope),
    logs: path.join(state, 'logs', scope),
    last: path.join(state, 'last', scope),
    jobs: path.join(state, 'jobs', scope),
    recorded: path.join(root, ...pipeline.locksDir.split('/')),
    runs: path.join(state, 'runs.jsonl'),
  };
};

/**
 * The file name of an instance, without extension. Ids hold `@`, `=` and `,`, which every file system takes; anything
 * else that is odd is written as `%XX`, so that two ids never share a file. File systems take 255 bytes.
 */
export const fileNameOf = (id: string): string => {
  const safe = id
    .replace(/[^a-z0-9@=,._-]/gi, character =>
      [...Buffer.from(character)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    )
    .replace(/^\./, '%2E');
  return safe.length <= 200
    ? safe
    : `${safe.slice(0, 180)}%${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
};
