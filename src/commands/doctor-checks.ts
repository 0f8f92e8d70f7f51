import {existsSync, readFileSync, statfsSync} from 'node:fs';
import {availableParallelism, cpus, freemem, totalmem} from 'node:os';
import {execa} from 'execa';
import type {BackendName} from '../engine/types.ts';
import {packageFile} from './package-files.ts';
import type {EngineSpeed} from './engine-speed.ts';
import {speedScript} from './probe-engine.ts';

export interface Check {
  readonly name: string;
  /** `missing` is something that one can do without; `broken` is something that a run needs. */
  readonly state: 'ok' | 'missing' | 'broken';
  readonly found: string;
  readonly advice?: string;
}

/** Long enough for TensorFlow on a cold disk. */
const probeTimeoutMs = 60_000;

export async function* checks(): AsyncGenerator<Check> {
  yield {name: 'Node', state: 'ok', found: `${process.version} ${process.platform} ${process.arch}`};
  yield packagesCheck();
  yield {name: 'cores', state: 'ok', found: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`};
  yield {name: 'memory', state: 'ok', found: `${gib(totalmem())} GiB, ${gib(freemem())} GiB free`};
  yield diskCheck();
  yield await gitCheck();
  for (const backend of ['node-gpu', 'node', 'jit', 'wasm', 'cpu'] as const) yield await backendCheck(backend);
  yield await onnxruntimeCheck();
  yield await gpuCheck();
}

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);

const packagesCheck = (): Check => {
  const {dependencies} = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const names = Object.keys(dependencies);
  const missing = names.filter(name => !isInstalled(name));
  return missing.length === 0
    ? {name: 'npm packages', state: 'ok', found: `all ${names.length} installed`}
    : {name: 'npm packages', state: 'broken', found: `missing: ${missing.join(', ')}`, advice: 'Run `npm ci`.'};
};

/** Installed beside us or, when we are a dependency ourselves, hoisted to a folder above. */
const isInstalled = (name: string): boolean =>
  ['node_modules', '..', '../..'].some(folder => existsSync(packageFile(`${folder}/${name}/package.json`)));

const diskCheck = (): Check => {
  const {bavail, bsize} = statfsSync('.');
  const free = bavail * bsize;
  return free < 2 * 2 ** 30
    ? {
        name: 'free space',
        state: 'missing',
        found: `${gib(free)} GiB`,
        advice: 'The default experiment writes about 1 GiB.',
      }
    : {name: 'free space', state: 'ok', found: `${gib(free)} GiB`};
};

const gitCheck = async (): Promise<Check> => {
  const {exitCode, stdout, code} = await execa('git', ['--version'], {reject: false});
  if (code === 'ENOENT' || exitCode !== 0) {
    return {
      name: 'git',
      state: 'missing',
      found: 'not found',
      advice: '`pipeline diff` compares commits and needs it.',
    };
  }
  const inside = await execa('git', ['rev-parse', '--is-inside-work-tree'], {reject: false});
  const place = inside.stdout === 'true' ? 'this folder is in a repository' : 'this folder is in no repository';
  return {name: 'git', state: 'ok', found: `${stdout.replace(/^git version /, '')}, ${place}`};
};

/** In a child: a native library that does not fit may end its process without a word. */
const probe = async (script: string): Promise<{ok: true; text: string} | {ok: false; why: string}> => {
  const {exitCode, stdout, stderr, signal, timedOut} = await execa(
    process.execPath,
    ['--input-type=module', '--eval', script],
    {reject: false, timeout: probeTimeoutMs, cwd: packageFile('.'), env: {TF_CPP_MIN_LOG_LEVEL: '2'}},
  );
  const text = stdout.trim().split('\n').at(-1) ?? '';
  if (exitCode === 0) return {ok: true, text};
  if (timedOut) return {ok: false, why: `no answer within ${probeTimeoutMs / 1000} s`};
  if (signal !== undefined) return {ok: false, why: `its native library ended the process (${signal})`};
  return {ok: false, why: firstLine(stderr)};
};

/** Of a stack trace the line with the message. */
const firstLine = (stderr: string): string => {
  const lines = stderr.split('\n').map(line => line.trim());
  return (lines.find(line => /^(\w*Error)\b.*:/.test(line)) ?? lines.find(line => line !== '') ?? 'unknown').slice(
    0,
    200,
  );
};

const backendAdvice: Readonly<Record<string, string>> = {
  'node-gpu':
    'TensorFlow with CUDA: `npm install @tensorflow/tfjs-node-gpu` (install scripts allowed), an NVIDIA driver, and CUDA 11.2 with cuDNN 8.1, which its TensorFlow 2.9 was built for.',
  node: 'TensorFlow on the CPU: `npm install --no-save @tensorflow/tfjs-node`, where its download is possible; or name a node_modules folder that has it in DISTILL_TFJS.',
  jit: 'Comes with onnxruntime-node: `npm ci`.',
  wasm: 'TensorFlow.js in WebAssembly: `npm install --no-save @tensorflow/tfjs-backend-wasm`; the jit is faster.',
  cpu: 'For tests only; comes with the development packages.',
};

const backendCheck = async (backend: BackendName): Promise<Check> => {
  const result = await probe(speedScript(backend));
  const name = `engine ${backend}`;
  if (result.ok) {
    const {version, gflops, stepMs} = JSON.parse(result.text) as EngineSpeed & {version: string};
    const speed = `product ${gflops.toPrecision(2)} GFLOP/s, small training step ${stepMs.toPrecision(2)} ms`;
    return {name, state: 'ok', found: `${version}: ${speed} (one thread)`};
  }
  // The jit is what every machine can have; the others are faster, or an oracle for tests.
  const state = backend === 'jit' ? 'broken' : 'missing';
  return {name, state, found: result.why, advice: backendAdvice[backend] ?? ''};
};

const onnxruntimeCheck = async (): Promise<Check> => {
  const result = await probe(
    `const {default: ort} = await import('onnxruntime-node');
     console.log(ort.listSupportedBackends().filter(({bundled}) => bundled).map(({name}) => name).join(', '));`,
  );
  const {version} = isInstalled('onnxruntime-node')
    ? (JSON.parse(readFileSync(packageFile('node_modules/onnxruntime-node/package.json'), 'utf8')) as {version: string})
    : {version: '?'};
  if (!result.ok) return {name: 'onnxruntime-node', state: 'broken', found: result.why, advice: 'Run `npm ci`.'};
  return {
    name: 'onnxruntime-node',
    state: 'ok',
    found: `${version}: ${result.text}`,
    ...(result.text.includes('cuda')
      ? {}
      : {
          advice:
            'CUDA is not fetched at install (see .npmrc): `ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node` adds it.',
        }),
  };
};

const gpuCheck = async (): Promise<Check> => {
  const {exitCode, stdout} = await execa('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader'], {
    reject: false,
  });
  return exitCode === 0 && stdout !== ''
    ? {name: 'GPU', state: 'ok', found: stdout.split('\n').join('; ')}
    : {name: 'GPU', state: 'missing', found: 'no NVIDIA GPU', advice: 'Not needed: everything runs on the CPU.'};
};
