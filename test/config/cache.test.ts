import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {loadGraph} from '../../src/runner/config/load-graph.ts';
import type {StageTypes} from '../../src/runner/config/stage-types.ts';
import {scratch, types} from './scratch.ts';

const text = 'version: 1\nvars: {a: 1}\nprofiles: {p: {a: 2}}\nstages:\n  r: {type: report}\n  s: {run: "echo ${a}"}\n';

/** The shared types with a fingerprint that a test can change; loading a type throws when it should not happen. */
const fingerprinted = (fingerprint: string, mayLoad = true): StageTypes => ({
  ...types,
  fingerprint: () => fingerprint,
  load: type => (mayLoad ? types.load(type) : Promise.reject(new Error('loaded'))),
});

const cachedAt = async (cwd: string, options: object = {}, stageTypes: StageTypes = types): Promise<boolean> => {
  const loaded = await loadGraph({cwd, ...options}, stageTypes);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return loaded.cached;
};

test('the second load comes from the cache, equal to the first, and loads no stage type', async () => {
  const root = scratch({'pipeline.yaml': text});
  const first = await loadGraph({cwd: root}, fingerprinted('1'));
  const second = await loadGraph({cwd: root}, fingerprinted('1', false));
  expect(first).toMatchObject({ok: true, cached: false});
  expect(second).toEqual({...first, cached: true});
});

test('any change of the file, the options or a stage type is a miss', async () => {
  const root = scratch({'pipeline.yaml': text});
  expect(await cachedAt(root)).toBe(false);
  expect(await cachedAt(root)).toBe(true);
  expect(await cachedAt(root, {set: ['a=3']})).toBe(false);
  expect(await cachedAt(root, {set: ['a=3']})).toBe(true);
  expect(await cachedAt(root, {profile: 'p'})).toBe(false);
  expect(await cachedAt(root, {set: ['a=3']})).toBe(true);
  writeFileSync(path.join(root, 'pipeline.yaml'), `${text}#`);
  expect(await cachedAt(root, {set: ['a=3']})).toBe(false);
  expect(await cachedAt(root, {set: ['a=3']}, fingerprinted('2'))).toBe(false);
  expect(await cachedAt(root, {set: ['a=3']}, fingerprinted('2'))).toBe(true);
});

test('a broken cache is a miss and is mended; a pipeline with errors is not cached', async () => {
  const root = scratch({'pipeline.yaml': text});
  const folder = path.join(root, '.pipeline/graph');
  await cachedAt(root);
  const file = path.join(folder, readdirSync(folder)[0]!);
  const whole = readFileSync(file, 'utf8');
  for (const broken of [
    '',
    whole.slice(0, -40),
    '{}',
    'null',
    '[]',
    whole.replace('"instances":[{', '"instance":[{'),
  ]) {
    writeFileSync(file, broken);
    expect(await cachedAt(root)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(whole);
  }
  rmSync(folder, {recursive: true});
  writeFileSync(path.join(root, 'pipeline.yaml'), 'version: 2\n');
  expect((await loadGraph({cwd: root}, types)).ok).toBe(false);
  expect(readdirSync(root)).not.toContain('graph');
  expect(readdirSync(path.join(root, '.pipeline'))).toEqual([]);
});
