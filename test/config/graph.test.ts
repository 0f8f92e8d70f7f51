import {expect, test} from 'vitest';
import {graphOf, instance, sourcesOf} from './scratch.ts';

test('a shell stage: command, inputs, outputs, params and settings', async () => {
  const graph = await graphOf(`words:
  run: wc -w data/in.txt > out/\${params.unit}.txt
  in: [./data//in.txt, data/more/]
  out: [out/word.txt]
  env: [LANG]
  params: {unit: word}
  resources: {cpus: 2, minutes: 60}
  retries: 1
  timeoutMinutes: 0.5`);
  expect(instance(graph, 'words')).toEqual({
    id: 'words',
    stage: 'words',
    axis: {},
    command: {kind: 'shell', text: 'wc -w data/in.txt > out/word.txt'},
    params: {unit: 'word'},
    env: ['LANG'],
    inputs: [
      {name: '0', sources: [{kind: 'path', path: 'data/in.txt', glob: false}]},
      {name: '1', sources: [{kind: 'path', path: 'data/more', glob: false}]},
    ],
    outputs: [{name: '0', path: 'out/word.txt'}],
    needs: [],
    resources: {cpus: 2, memoryMb: 1000, gpus: 0, minutes: 60},
    frozen: false,
    always: false,
    retries: 1,
    timeoutMinutes: 0.5,
  });
});

test('a typed stage: params as written, outputs in its folder or in the reports, uses from the params', async () => {
  const graph = await graphOf(`clean: {type: clean, in: {raw: data/corpus.txt}}
train: {type: train, in: {sentences: "@clean.sentences"}, params: {method: ltd, seed: 3}}
report: {type: report, in: {scores: ["@train.scores", extra.json]}}`);
  expect(instance(graph, 'clean').params).toEqual({});
  expect(instance(graph, 'train')).toMatchObject({
    command: {kind: 'typed', type: 'train', uses: ['src/methods/ltd.ts'], engine: false},
    params: {method: 'ltd', seed: 3},
    outputs: [
      {name: 'student', path: 'artifacts/train/student'},
      {name: 'scores', path: 'artifacts/train/scores.json'},
    ],
    needs: ['clean'],
  });
  expect(sourcesOf(instance(graph, 'train'))).toEqual({sentences: ['clean.sentences'], idf: []});
  expect(sourcesOf(instance(graph, 'report'))).toEqual({scores: ['train.scores', 'extra.json']});
  expect(instance(graph, 'report').outputs).toEqual([{name: 'page', path: 'reports/index.md'}]);
});

test('`out` overrides some or all outputs of a stage type, in the order that the type declares', async () => {
  const graph =
    await graphOf(`a: {type: clean, in: {raw: x}, out: {dropped: "d/\${params.minLength}.json"}, params: {minLength: 7}}
b: {type: clean, in: {raw: x}, out: [one, two]}`);
  expect(instance(graph, 'a').outputs.map(({path}) => path)).toEqual(['artifacts/a/sentences.arrow', 'd/7.json']);
  expect(instance(graph, 'b').outputs).toEqual([
    {name: 'sentences', path: 'one'},
    {name: 'dropped', path: 'two'},
  ]);
});

test('a plain path that another stage writes is an edge: the file, a folder above or below it, a pattern', async () => {
  const graph = await graphOf(`exact: {run: x, in: [out/a.txt]}
above: {run: x, in: [out]}
below: {run: x, in: [out/folder/inner.txt]}
pattern: {run: x, in: ["out/*.txt"]}
inside: {run: x, in: ["out/folder/**/*.json"]}
other: {run: x, in: ["out/*.csv", outer]}
a: {run: x, out: [out/a.txt]}
folder: {run: x, out: [out/folder]}`);
  const needs = (id: string): readonly string[] => instance(graph, id).needs;
  expect(instance(graph, 'exact').inputs[0]!.sources).toEqual([
    {kind: 'output', instance: 'a', output: '0', path: 'out/a.txt', axis: {}},
  ]);
  expect(instance(graph, 'pattern').inputs[0]!.sources).toEqual([{kind: 'path', path: 'out/*.txt', glob: true}]);
  expect(needs('exact')).toEqual(['a']);
  expect(needs('above')).toEqual(['a', 'folder']);
  expect(needs('below')).toEqual(['folder']);
  expect(needs('pattern')).toEqual(['a']);
  expect(needs('inside')).toEqual(['folder']);
  expect(needs('other')).toEqual([]);
});

test('stages come in topological order, ties in the order of the file', async () => {
  const graph = await graphOf(`d: {run: x, in: ["@b", "@a"], out: [d]}
c: {run: x, out: [c]}
b: {run: x, in: [c], out: [b]}
a: {run: x, out: [a]}`);
  expect(graph.stages.map(({name, needs}) => `${name}(${needs.join(',')})`)).toEqual(['c()', 'b(c)', 'a()', 'd(b,a)']);
  expect(graph.instances.map(({id}) => id)).toEqual(['c', 'b', 'a', 'd']);
});

test('inputs may be outside the project, and absolute paths inside it become relative', async () => {
  const graph = await graphOf(`a: {run: x, in: [../data, /etc/hosts]}`);
  expect(sourcesOf(instance(graph, 'a'))).toEqual({0: ['../data'], 1: ['/etc/hosts']});
});

test('anchors, aliases and merge keys are YAML as everywhere', async () => {
  const graph = await graphOf(`a: &base {run: "echo", params: &p {x: 1}, retries: 2}
b: {<<: *base, retries: 3}
c: {run: "echo", params: *p}`);
  expect(instance(graph, 'b')).toMatchObject({params: {x: 1}, retries: 3});
  expect(instance(graph, 'c').params).toEqual({x: 1});
});
