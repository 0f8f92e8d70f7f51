import {execFile} from 'node:child_process';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {repository, work} from '../harness/places.ts';
import type {BenchOptions} from '../harness/row.ts';
import type {Rate} from './rates.ts';

const python = path.join(repository, 'bench/.venv/bin/python');
const missing: Rate = {reason: 'not installed: bash bench/setup.sh embed'};

/** sentence-transformers with its own sorting by length, 32 texts at a time. */
export const sentenceTransformers = (
  texts: readonly string[],
  settings: {readonly threads: number; readonly precision: 'float32' | 'bfloat16'},
  options: BenchOptions,
): Promise<Rate> =>
  ask(python, path.join(repository, 'bench/peers/embed_sentence_transformers.py'), {texts, ...settings}, options);

/**
 * Transformers.js on onnxruntime-node: the usual export of the model, sorted by length, 32 texts at a time. It takes as
 * many threads as there are cores.
 */
export const transformersJs = (texts: readonly string[], options: BenchOptions): Promise<Rate> => {
  const model = path.join(work, 'minilm');
  if (!existsSync(path.join(model, 'onnx/model.onnx'))) return Promise.resolve(missing);
  const script = path.join(repository, 'bench/peers/embed_transformers_js.mjs');
  return ask(process.execPath, script, {texts, model, modules: path.join(work, 'npm')}, options);
};

const ask = async (program: string, script: string, settings: object, {quick}: BenchOptions): Promise<Rate> => {
  mkdirSync(work, {recursive: true});
  const file = path.join(work, 'embed-settings.json');
  writeFileSync(file, JSON.stringify({...settings, runs: quick ? 1 : 3}));
  try {
    const {stdout} = await promisify(execFile)(program, [script, file]);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Rate;
  } catch {
    return missing;
  }
};
