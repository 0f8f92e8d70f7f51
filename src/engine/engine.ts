import {createRequire} from 'node:module';
import {EngineError} from './errors.ts';
import type {BackendName, Engine} from './types.ts';

export interface EngineOptions {
  /** `auto` (default): the first of node-gpu, node and jit that loads. */
  readonly backend?: 'auto' | BackendName;
  readonly threads: number;
}

const require = createRequire(import.meta.url);

/** The TensorFlow.js packages behind a backend; both of TensorFlow's own call their backend `tensorflow`. */
const packages = {
  'node-gpu': '@tensorflow/tfjs-node-gpu',
  node: '@tensorflow/tfjs-node',
  cpu: '@tensorflow/tfjs-backend-cpu',
} as const;

export const tfBackend = ({backend}: Engine): string => (backend === 'cpu' ? 'cpu' : 'tensorflow');

/** The jit's package is CommonJS with a version; so are TensorFlow's. */
const versionOf = (name: string): string => (require(`${name}/package.json`) as {version: string}).version;

const loadPackage = async (backend: keyof typeof packages): Promise<string> => {
  const name = packages[backend];
  // A name, not a literal: none of the three is a dependency that is always there.
  await import(name);
  return `${name} ${versionOf(name)}`;
};

/** The first line of what a native library says when it does not load. */
const reasonOf = (error: unknown): string => {
  const {message = String(error), code} = error as {message?: string; code?: string};
  if (code === 'ERR_MODULE_NOT_FOUND') return 'not installed';
  return message.split('\n')[0]!.trim();
};

/**
 * Picks what computes: TensorFlow with CUDA, TensorFlow, or the jit on ONNX Runtime, which is always there. A native
 * library that is installed but does not load is passed over, and `notes` says so.
 */
export const openEngine = async (options: EngineOptions): Promise<Engine> => {
  const {backend = 'auto', threads} = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new EngineError(`An engine needs at least one thread, found ${threads}.`);
  const notes: string[] = [];
  for (const name of backend === 'auto' ? (['node-gpu', 'node', 'jit'] as const) : [backend]) {
    if (name === 'jit')
      return {backend: 'jit', version: `onnxruntime-node ${versionOf('onnxruntime-node')}`, threads, notes};
    try {
      setThreads(threads);
      return {backend: name, version: await loadPackage(name), threads, notes};
    } catch (error) {
      const reason = reasonOf(error);
      if (backend !== 'auto')
        throw new EngineError(`The engine "${name}" (${packages[name]}) cannot be used: ${reason}.`);
      if (reason !== 'not installed')
        notes.push(`${packages[name]} is installed but does not load (${reason}); going on without it.`);
    }
  }
  throw new Error('Internal error: no engine was tried');
};

/** TensorFlow reads its thread counts from the environment when its library is loaded. */
const setThreads = (threads: number): void => {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads);
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1';
};
