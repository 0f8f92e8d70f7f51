import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {expect, test} from 'vitest';
import {importsOf, resolveImport} from './imports.ts';

const root = join(import.meta.dirname, '..');

/** Module → the modules that it names at its top, for values or for types alone. */
const readGraph = (folder: string): Map<string, string[]> => {
  const graph = new Map<string, string[]>();
  for (const entry of readdirSync(join(root, folder), {recursive: true, withFileTypes: true})) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const file = join(entry.parentPath, entry.name);
    const name = relative(root, file).replaceAll('\\', '/');
    const imports = importsOf(name, readFileSync(file, 'utf8')).filter(({isDynamic}) => !isDynamic);
    graph.set(
      name,
      imports.flatMap(({specifier}) => resolveImport(name, specifier) ?? []),
    );
  }
  return graph;
};

/** One path for each loop that a walk in depth meets: `a → b → a`. */
const cyclesIn = (graph: ReadonlyMap<string, readonly string[]>): string[] => {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (module: string, trail: readonly string[]): void => {
    if (trail.includes(module)) return void found.push([...trail.slice(trail.indexOf(module)), module].join(' → '));
    if (done.has(module)) return;
    for (const next of graph.get(module) ?? []) visit(next, [...trail, module]);
    done.add(module);
  };
  for (const module of graph.keys()) visit(module, []);
  return found;
};

test.each(['src', 'stages', 'bench'])('no module of %s needs itself by way of others', folder => {
  const graph = readGraph(folder);
  expect(graph.size).toBeGreaterThan(1);
  expect(cyclesIn(graph)).toEqual([]);
});

test('the walk finds a loop', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['d']],
    ['c', ['d']],
    ['d', ['b']],
  ]);
  expect(cyclesIn(graph)).toEqual(['b → d → b']);
});
