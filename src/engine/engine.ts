import {EngineError} from './errors.ts';
import {loadPackage, packages, versionOf} from './packages.ts';
import type {BackendName, Engine} from './types.ts';
import {replaceWasmKernels} from './wasm-kernels.ts';

export interface EngineOptions {
  /** `auto` (default): the first of node-gpu, node and jit that loads. */
  readonly backend?: 'auto' | BackendName;
  readonly threads: number;
  /** Where the jit keeps compiled graphs for later processes; by default the folder that DISTILL_GRAPHS names, if any. */
  readonly graphs?: string;
}

/** What tfjs calls the backend of an engine that is not the jit. */
export const tfBackend = ({backend}: Engine): string => packages[backend as keyof typeof packages].backend;

/** The first line of what a native library says when it does not load. */
const reasonOf = (error: unknown): string => {
  const {message = String(error), code} = error as {message?: string; code?: string};
  if (code === 'MODULE_NOT_FOUND') return 'not installed';
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
  const graphs = options.graphs ?? process.env['DISTILL_GRAPHS'] ?? '';
  for (const choice of backend === 'auto' ? (['node-gpu', 'node', 'jit'] as const) : [backend]) {
    if (choice === 'jit') {
      const version = `onnxruntime-node ${versionOf('onnxruntime-node')}`;
      return {backend: 'jit', version, threads, notes, ...(graphs === '' ? {} : {graphs})};
    }
    const {name} = packages[choice];
    try {
      setThreads(threads);
      await loadPackage(name);
      if (choice === 'wasm') replaceWasmKernels();
      return {backend: choice, version: `${name} ${versionOf(name)}`, threads, notes};
    } catch (error) {
      const reason = reasonOf(error);
      if (backend !== 'auto') throw new EngineError(`The engine "${choice}" (${name}) cannot be used: ${reason}.`);
      if (reason !== 'not installed')
        notes.push(`${name} is installed but does not load (${reason}); going on without it.`);
    }
  }
  throw new Error('Internal error: no engine was tried');
};

/** TensorFlow reads its thread counts from the environment when its library is loaded. */
const setThreads = (threads: number): void => {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads);
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1';
};
