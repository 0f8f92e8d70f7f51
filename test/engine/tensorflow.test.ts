import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {resolvePackage} from '../../src/engine/packages.ts';

/**
 * TensorFlow itself and TensorFlow.js's WebAssembly backend are no dependencies: each is compared with the jit where it is
 * installed, here or in the node_modules folder that DISTILL_TFJS names, and skipped elsewhere.
 */
const others = {
  node: {name: '@tensorflow/tfjs-node', file: 'lib/napi-v8/tfjs_binding.node'},
  wasm: {name: '@tensorflow/tfjs-backend-wasm', file: 'package.json'},
} as const;

const isInstalled = ({name, file}: {name: string; file: string}): boolean => {
  try {
    return existsSync(join(dirname(resolvePackage(`${name}/package.json`)), file));
  } catch {
    return false;
  }
};

interface Found {
  readonly version: string;
  readonly forward: number;
  readonly trainings: Readonly<Record<string, {gradients: number; losses: number; left: number}>>;
  readonly operations: Readonly<Record<string, number | string>>;
}

describe.each(['node', 'wasm'] as const)('the backend %s and the jit', backend => {
  const {name} = others[backend];
  const there = isInstalled(others[backend]);
  if (!there) {
    test.skip(`${name} is not installed: npm install --no-save ${name}, or name a node_modules folder in DISTILL_TFJS`);
    return;
  }
  let program: string;
  let found: Found;

  beforeAll(async () => {
    // Inside node_modules, so that the packages that are not bundled resolve.
    const place = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
    mkdirSync(place, {recursive: true});
    program = join(mkdtempSync(join(place, 'tensorflow-')), 'process.js');
    const entryPoints = [fileURLToPath(new URL('tensorflow-process.ts', import.meta.url))];
    await build({entryPoints, outfile: program, bundle: true, packages: 'external', platform: 'node', format: 'esm'});
    const env = {...process.env, TF_CPP_MIN_LOG_LEVEL: '2'};
    const output = execFileSync(process.execPath, [program, backend], {encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore']}); // prettier-ignore
    found = JSON.parse(output.trim().split('\n').at(-1)!) as Found;
  });
  afterAll(() => rmSync(dirname(program), {recursive: true}));

  test('it is this backend that ran', () => {
    expect(found.version).toMatch(new RegExp(`^${name} \\d`));
  });

  test('predictions of a student and of an encoder', () => {
    expect(found.forward).toBeLessThanOrEqual(1e-5);
  });

  test('gradients, and losses of ten steps with dropout, clipping and decay', () => {
    expect(Object.keys(found.trainings)).toHaveLength(6);
    for (const [training, {gradients, losses, left}] of Object.entries(found.trainings)) {
      expect(gradients, training).toBeLessThanOrEqual(2e-5);
      expect(losses, training).toBeLessThanOrEqual(2e-4);
      expect(left, training).toBe(0);
    }
  });

  test('the gradient of every operation', () => {
    expect(Object.keys(found.operations).length).toBeGreaterThan(70);
    for (const [operation, error] of Object.entries(found.operations)) {
      expect(error, `${operation}: ${error}`).toBeLessThanOrEqual(1e-4);
    }
  });
});
