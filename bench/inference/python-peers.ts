import {execFile} from 'node:child_process';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {repository, work} from '../harness/places.ts';
import type {TokenizerJson} from '../../src/text/tokenizer-json.ts';

export const pythonPeers = {
  bilstm: 'same BiLSTM',
  bert: 'BERT-base',
  model2vec: 'static 256',
} as const;

export type PythonPeer = keyof typeof pythonPeers;

/** What one peer does with one size of batches: texts a second, or why not. */
export type PythonRate = {readonly peer: PythonPeer; readonly batch: number} & (
  | {readonly name: string; readonly rate: number; readonly bytes: number; readonly runs: number}
  | {readonly reason: string}
);

export interface PythonOptions {
  readonly peers: readonly PythonPeer[];
  readonly batches: readonly number[];
  readonly threads: number;
  readonly runs: number;
  readonly texts: readonly string[];
  /** What BERT-base gets, which is slow, by the size of its batches. */
  readonly few: Readonly<Record<string, readonly string[]>>;
  readonly tokenizer: TokenizerJson;
}

const sizes = {maxTokens: 64, embedding: 128, hidden: 192, width: 384, static: 256};

/** All peers with this number of threads, in one process of Python, which sets it once. */
export const inPython = async ({tokenizer, ...options}: PythonOptions): Promise<readonly PythonRate[]> => {
  const python = process.env['BENCH_PYTHON'] ?? path.join(repository, 'bench/.venv/bin/python');
  const failed = (reason: string): PythonRate[] =>
    options.peers.flatMap(peer => options.batches.map(batch => ({peer, batch, reason})));
  if (options.peers.length === 0) return [];
  if (!existsSync(python)) return failed('not installed: bash bench/setup.sh infer');
  mkdirSync(work, {recursive: true});
  const files = {settings: path.join(work, 'infer-settings.json'), tokenizer: path.join(work, 'infer-tokenizer.json')};
  writeFileSync(files.tokenizer, JSON.stringify(tokenizer));
  writeFileSync(files.settings, JSON.stringify({...options, ...sizes, tokenizer: files.tokenizer}));
  const threads = String(options.threads);
  // Of the Rust library that cuts texts: all peers have the same threads.
  const env = {...process.env, OMP_NUM_THREADS: threads, RAYON_NUM_THREADS: threads, TOKENIZERS_PARALLELISM: String(options.threads > 1)}; // prettier-ignore
  try {
    const script = path.join(repository, 'bench/peers/infer_python.py');
    const {stdout} = await promisify(execFile)(python, [script, files.settings], {env, maxBuffer: 1 << 26});
    const lines = stdout.split('\n').filter(line => line.startsWith('{'));
    return lines.map(line => JSON.parse(line) as PythonRate);
  } catch (error) {
    const {stderr = String(error)} = error as {stderr?: string};
    return failed(stderr.trim().split('\n').at(-1) ?? 'the peer failed');
  }
};
