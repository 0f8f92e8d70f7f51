import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {expect, test} from 'vitest';
import {heavyStageImports, layerViolations} from './layers.ts';

const root = join(import.meta.dirname, '..');

const readSources = (): Map<string, string> => {
  const files = new Map<string, string>();
  for (const folder of ['src', 'stages', 'bench']) {
    if (!existsSync(join(root, folder))) continue;
    for (const entry of readdirSync(join(root, folder), {recursive: true, withFileTypes: true})) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !entry.name.endsWith('.ts') || /node_modules|\.venv/.test(path)) continue;
      files.set(relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8'));
    }
  }
  return files;
};

test('no import crosses a layer that it may not cross', () => {
  const files = readSources();
  expect([...files.keys()]).toContain('src/contract/stage.ts');
  expect(layerViolations(files)).toEqual([]);
});

test('loading a stage file loads no heavy library', () => {
  expect(heavyStageImports(readSources())).toEqual([]);
});

const planted = (path: string, text: string): string[] => layerViolations(new Map([[path, text]]));

test.each([
  ['a static import', 'src/runner/run.ts', `import {x} from '../engine/open.ts';`, 'runner may not import engine'],
  [
    'a type import',
    'src/reporters/x.ts',
    `import type {X} from '../runner/graph.ts';`,
    'reporters may not import runner',
  ],
  ['a re-export', 'src/math/x.ts', `export {x} from '../contract/stage.ts';`, 'math may not import contract'],
  ['a dynamic import', 'src/worker.ts', `await import('./runner/run.ts');`, 'worker may not import runner'],
  ['a template', 'src/runner/run.ts', 'await import(`../executors/${name}.ts`);', 'runner may not import executors'],
  ['an import as a type', 'src/io/x.ts', `type X = import('../math/random.ts').Random;`, 'io may not import math'],
  ['a side effect', 'src/models/x.ts', `import '../tasks/topic.ts';`, 'models may not import tasks'],
  ['a way out of src', 'src/runner/run.ts', `import x from '../../stages/idf.ts';`, 'runner may not import stages'],
  ['the test folder', 'stages/idf.ts', `import x from '../test/rig.ts';`, 'stages may not import ../test/rig.ts'],
])('finds %s', (_what, path, text, message) => {
  const found = planted(path, `// a line before\n${text}`);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${path}:2: ${message}`);
});

test('leaves alone what is allowed', () => {
  expect(planted('stages/idf.ts', `import {z} from 'zod';\nimport {idf} from '../src/math/idf.ts';`)).toEqual([]);
  expect(planted('src/runner/run.ts', `import {x} from './plan.ts'; // import '../engine/x.ts'`)).toEqual([]);
  expect(planted('src/commands/run.ts', `import {x} from '../runner/run.ts';`)).toEqual([]);
});

test('finds a file that no layer knows', () => {
  expect(planted('src/utils/x.ts', '')).toEqual(['src/utils/x.ts: belongs to no layer of the table']);
});

test('finds a heavy library behind a light module, and not behind a dynamic or a type import', () => {
  const stage = `import {x} from '../src/io/x.ts';\nimport type {Table} from 'apache-arrow';\nawait import('vega');`;
  const behind = (text: string): string[] =>
    heavyStageImports(
      new Map([
        ['stages/idf.ts', stage],
        ['src/io/x.ts', text],
      ]),
    );
  expect(behind(`import {tableFromIPC} from 'apache-arrow';`)).toEqual([
    'stages/idf.ts → src/io/x.ts:1 loads apache-arrow',
  ]);
  expect(behind(`export const x = async () => (await import('apache-arrow')).tableFromIPC;`)).toEqual([]);
});
