import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createRandom} from '../../src/math/random.ts';
import type {Model} from './training-process.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
let program: string;

beforeAll(async () => {
  // Inside node_modules, so that the packages that are not bundled resolve.
  const place = join(repository, 'node_modules/.cache');
  mkdirSync(place, {recursive: true});
  program = join(mkdtempSync(join(place, 'killed-')), 'training-process.js');
  const entryPoints = [fileURLToPath(new URL('training-process.ts', import.meta.url))];
  await build({entryPoints, outfile: program, bundle: true, packages: 'external', platform: 'node', format: 'esm'});
});

afterAll(() => rmSync(dirname(program), {recursive: true}));

/** Runs a training in a process of its own; killed (SIGKILL) once it has said that it did step `killAt`. */
const run = (model: Model, folder: string, every: number, killAt = Infinity): Promise<NodeJS.Signals | number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, model, folder, String(every)], {stdio: ['ignore', 'pipe', 'inherit']}); // prettier-ignore
    createInterface({input: child.stdout}).on('line', line => {
      if (Number(line.split(' ')[1]) >= killAt) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? code));
  });

const bytes = (folder: string): Buffer => readFileSync(join(folder, 'checkpoint.safetensors'));
const scratch = (): string => mkdtempSync(join(tmpdir(), 'killed-'));

describe.each<Model>(['encoder', 'bilstm'])('%s', model => {
  test('a training killed at random steps ends with the bytes of one left alone', async () => {
    const [whole, killed] = [scratch(), scratch()];
    expect(await run(model, whole, 1000)).toBe(0);
    const random = createRandom(`kill ${model}`);
    // Checkpoints after every second step: kills hit steps, saves and what is between them.
    expect(await run(model, killed, 2, 4 + random.integer(12))).toBe('SIGKILL');
    expect(await run(model, killed, 2, 20 + random.integer(12))).toBe('SIGKILL');
    expect(bytes(killed).equals(bytes(whole))).toBe(false);
    expect(await run(model, killed, 1000)).toBe(0);
    expect(bytes(killed).equals(bytes(whole))).toBe(true);
  }, 60_000);
});
