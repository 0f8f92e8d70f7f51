import fc from 'fast-check';
import {expect, test} from 'vitest';
import {escapeSegment} from '../../src/runner/config/path-names.ts';
import {graphOf, load} from './scratch.ts';

const good = `version: 1
vars: {seeds: [1, 2], data: {x: "\${n}"}, n: 3}
profiles: {paper: {seeds: {range: [1, 3]}}}
stages:
  words: {run: "wc -w \${n} > out/w.txt", in: [data/in.txt], out: [out/w.txt], env: [LANG]}
  clean: {type: clean, in: {raw: out/w.txt}, params: {minLength: 4}}
  train:
    type: train
    matrix: {method: [ltd, lrc], seed: "\${seeds}", exclude: [{method: lrc, seed: 2}]}
    in: {sentences: "@clean.sentences"}
    params: {method: "\${method}", seed: "\${seed}"}
    resources: {cpus: 1}
  gather: {type: gather, in: {scores: "@train{method=ltd}.scores"}}
`;

const pieces = [
  '"',
  "'",
  '\${',
  '}',
  '{',
  '[',
  ']',
  ':',
  ' ',
  '\n',
  '&a ',
  '*a ',
  '@',
  ',',
  '-',
  '!x ',
  '|',
  '<<: ',
  '~',
  '1e999',
  '\t',
  '#',
  '\ud83d',
  '..',
  '../',
  '*',
  'seed',
  '"@train"',
  '{range: [1, 2]}',
  '%',
  'null',
];

const mutation = fc.record({
  at: fc.nat(good.length),
  remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(40)),
  insert: fc.oneof(fc.constant(''), fc.constantFrom(...pieces), fc.string({maxLength: 3})),
});

test('a damaged file gives a graph or errors with a place, and never throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, {minLength: 1, maxLength: 4}), async mutations => {
      let text = good;
      for (const {at, remove, insert} of mutations) text = text.slice(0, at) + insert + text.slice(at + remove);
      const loaded = await load(text);
      if (loaded.ok) return;
      const lines = Buffer.from(text).toString().split('\n');
      expect(loaded.errors.length).toBeGreaterThan(0);
      for (const error of loaded.errors) {
        expect(error.line).toBeGreaterThan(0);
        expect(error.line).toBeLessThanOrEqual(lines.length);
        expect(error.sourceLine).toBe(lines[error.line - 1]!.replace(/\r$/, ''));
        expect(error.column).toBeLessThanOrEqual(error.sourceLine!.length + 1);
      }
    }),
    {numRuns: 400},
  );
});

/** A pipeline whose stages read from earlier ones in a shuffled file, by reference or by path, some in a matrix. */
const pipelines = fc
  .array(fc.record({parents: fc.array(fc.nat(), {maxLength: 3}), values: fc.nat(3), byPath: fc.boolean()}), {
    minLength: 1,
    maxLength: 12,
  })
  .chain(stages => fc.shuffledSubarray([...stages.keys()], {minLength: stages.length}).map(order => ({stages, order})));

test('ids and outputs are unique, and everything comes after what it needs', async () => {
  await fc.assert(
    fc.asyncProperty(pipelines, async ({stages, order}) => {
      const text = order
        .map(index => {
          const {parents, values, byPath} = stages[index]!;
          const inputs =
            index === 0
              ? []
              : parents.map(parent => {
                  const earlier = parent % index;
                  return byPath && stages[earlier]!.values === 0 ? `o/${earlier}` : `"@s${earlier}"`;
                });
          const matrix = values === 0 ? '' : `matrix: {x${index}: {range: [1, ${values}]}}, `;
          const out = values === 0 ? `o/${index}` : `"o/${index}-\${x${index}}"`;
          return `s${index}: {run: "echo", ${matrix}in: [${inputs.join(', ')}], out: [${out}]}`;
        })
        .join('\n');
      const graph = await graphOf(text);
      const expected = stages.reduce((sum, {values}) => sum + Math.max(1, values), 0);
      const ids = graph.instances.map(({id}) => id);
      expect(new Set(ids).size).toBe(expected);
      expect(new Set(graph.instances.flatMap(({outputs}) => outputs.map(({path}) => path))).size).toBe(expected);
      const seen = new Set<string>();
      for (const {id, needs} of graph.instances) {
        for (const need of needs) expect(seen).toContain(need);
        seen.add(id);
      }
      expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
    }),
    {numRuns: 60},
  );
});

test('escaped names are safe in paths and no two texts share one', () => {
  const text = fc.string({unit: 'binary', maxLength: 6}).filter(value => !/\p{Surrogate}/u.test(value));
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(escapeSegment(a)).toMatch(/^[A-Za-z0-9_.+%-]*$/);
      expect(['.', '..']).not.toContain(escapeSegment(a));
      expect(escapeSegment(a) === escapeSegment(b)).toBe(a === b);
      expect(decodeURIComponent(escapeSegment(a))).toBe(a);
    }),
  );
});
