import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {resolvePackage} from '../../src/engine/packages.ts';
import {repository} from '../harness/places.ts';
import type {ChildJob} from './child.ts';
import type {StepCase, StepTime} from './step-time.ts';

export type Measured<T> = T | {readonly reason: string};

const execute = promisify(execFile);
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** The same step in PyTorch: its own modules and fused Adam, which updates the whole embedding table; or anything else of its script. */
export const inTorch = async <T>(settings: object): Promise<Measured<T>> => {
  const python = process.env['BENCH_PYTHON'] ?? path.join(repository, 'bench/.venv/bin/python');
  const missing = {reason: 'torch is not installed: bash bench/setup.sh train'};
  if (!existsSync(python)) return missing;
  const script = path.join(repository, 'bench/peers/train_torch.py');
  try {
    const {stdout} = await execute(python, [script, JSON.stringify(settings)]);
    return JSON.parse(lastLine(stdout)) as T;
  } catch (error) {
    const {stderr = String(error)} = error as {stderr?: string};
    if (stderr.includes('No module named')) return missing;
    return {reason: lastLine(stderr) || 'the peer failed'};
  }
};

/** `graphs`: the folder in which the process looks for compiled graphs. */
export const inChild = async <T>(job: ChildJob, graphs = ''): Promise<T> => {
  const program = path.join(repository, 'dist/bench/training/child.js');
  const env = {...process.env, TF_CPP_MIN_LOG_LEVEL: '2', DISTILL_GRAPHS: graphs};
  const {stdout} = await execute(process.execPath, [program, JSON.stringify(job)], {env});
  return JSON.parse(lastLine(stdout)) as T;
};

/** Our own model, loss and trainer on TensorFlow: what the jit is instead of. */
export const onTensorflow = async ({name, threads}: StepCase, runs: number): Promise<Measured<StepTime>> => {
  try {
    const folder = path.dirname(resolvePackage('@tensorflow/tfjs-node/package.json'));
    if (!existsSync(path.join(folder, 'lib/napi-v8/tfjs_binding.node'))) throw new Error('no native library');
  } catch {
    return {reason: 'not installed: npm install --no-save @tensorflow/tfjs-node, or name a folder in DISTILL_TFJS'};
  }
  return inChild<StepTime>({name, threads, backend: 'node', runs});
};
