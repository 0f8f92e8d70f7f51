import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {formatConfigErrors} from '../../src/runner/config/format-errors.ts';
import {findPipeline} from '../../src/runner/config/find-pipeline.ts';
import {loadGraph} from '../../src/runner/config/load-graph.ts';
import type {Pipeline} from '../../src/runner/graph.ts';
import {scratch, types} from './scratch.ts';

const text = 'version: 1\nvars: {a: 1}\nprofiles: {p: {a: 2}}\nstages: {r: {type: report}}\n';

const pipelineAt = async (cwd: string, options: {file?: string; profile?: string} = {}): Promise<Pipeline> => {
  const loaded = await loadGraph({cwd, ...options}, types);
  if (!loaded.ok) throw new Error(formatConfigErrors(loaded.errors));
  return loaded.graph.pipeline;
};

test('the nearest pipeline.yaml, and the nearest folder with stages/ or package.json as root', async () => {
  const root = scratch({'package.json': '{}', 'pipeline.yaml': text, 'papers/bam.yaml': text, 'sub/deep/x.txt': ''});
  expect(await pipelineAt(path.join(root, 'sub/deep'))).toMatchObject({root, file: 'pipeline.yaml'});
  expect(await pipelineAt(path.join(root, 'sub'), {file: '../papers/bam.yaml'})).toEqual({
    name: 'bam',
    profile: '',
    root,
    file: 'papers/bam.yaml',
    artifactsDir: 'artifacts/bam',
    locksDir: 'pipeline.lock/bam',
    reportsDir: 'reports/bam',
  });
  mkdirSync(path.join(root, 'papers/stages'));
  expect(await pipelineAt(root, {file: 'papers/bam.yaml'})).toMatchObject({root: path.join(root, 'papers')});
});

test('without stages/ or package.json the root is the folder of the file', async () => {
  const root = scratch({'a/pipeline.yaml': text});
  expect(await pipelineAt(path.join(root, 'a'))).toMatchObject({root: path.join(root, 'a')});
});

test('folders by name and profile, so that nothing collides', async () => {
  const root = scratch({'pipeline.yaml': text, 'my exp.yml': `name: named\n${text}`});
  const folders = async (options: {file?: string; profile?: string}): Promise<string> => {
    const {name, artifactsDir, locksDir, reportsDir} = await pipelineAt(root, options);
    return [name, artifactsDir, locksDir, reportsDir].join(' ');
  };
  expect(await folders({})).toBe('pipeline artifacts pipeline.lock reports');
  expect(await folders({profile: 'p'})).toBe(
    'pipeline artifacts/pipeline-p pipeline.lock/pipeline-p reports/pipeline-p',
  );
  expect(await folders({file: 'my exp.yml'})).toBe('named artifacts/named pipeline.lock/named reports/named');
  expect(await folders({file: 'my exp.yml', profile: 'p'})).toContain('artifacts/named-p');
});

test('a file that is not there', () => {
  const root = scratch();
  const messageOf = (file?: string): string => {
    const found = findPipeline({cwd: root, file});
    return found.ok ? '' : formatConfigErrors(found.errors).replaceAll(root, 'ROOT');
  };
  expect(messageOf()).toMatchInlineSnapshot(`
    "pipeline.yaml: no such file in ROOT or a folder above it. Go to the folder of a pipeline, or name its file with --file
    "
  `);
  expect(messageOf('x/y.yaml')).toMatchInlineSnapshot(`
    "x/y.yaml: there is no such file
    "
  `);
});
