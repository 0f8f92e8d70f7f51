import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';
import {z} from 'zod';
import type {Arity} from '../../src/contract/arity.ts';
import type {OutputSpec} from '../../src/contract/stage.ts';
import {formatConfigErrors} from '../../src/runner/config/format-errors.ts';
import type {LoadedGraph, LoadOptions} from '../../src/runner/config/load-graph.ts';
import {loadGraph} from '../../src/runner/config/load-graph.ts';
import type {StageType, StageTypes} from '../../src/runner/config/stage-types.ts';
import type {Graph, Instance} from '../../src/runner/graph.ts';

interface TypeDefinition {
  readonly params?: z.ZodObject;
  readonly inputs?: Readonly<Record<string, Arity>>;
  readonly outputs?: Readonly<Record<string, OutputSpec>>;
  readonly uses?: (params: unknown) => readonly string[];
}

/** Stage types in memory, checked by real zod schemas. */
export const defineTypes = (definitions: Readonly<Record<string, TypeDefinition>>): StageTypes => ({
  load: async type => (definitions[type] === undefined ? null : toStageType(definitions[type])),
  names: () => Object.keys(definitions),
  fingerprint: type => (definitions[type] === undefined ? null : 'v1'),
});

const toStageType = ({params, inputs, outputs, uses}: TypeDefinition): StageType => ({
  description: '',
  inputs: inputs ?? {},
  outputs: outputs ?? {},
  engine: false,
  validate: value => {
    const schema = params ?? z.strictObject({});
    const result = schema.safeParse(value);
    if (result.success) return {ok: true, value: result.data};
    return {ok: false, issues: result.error.issues.map(issue => ({...issue, known: Object.keys(schema.shape)}))};
  },
  uses: uses ?? (() => []),
});

/** A small world of typed stages that the tests share. */
export const types = defineTypes({
  clean: {
    params: z.strictObject({minLength: z.int().min(1).default(4), names: z.array(z.string()).optional()}),
    inputs: {raw: 'one', extra: 'any'},
    outputs: {sentences: 'sentences.arrow', dropped: 'dropped.json'},
  },
  idf: {inputs: {sentences: 'one'}, outputs: {table: 'idf.arrow'}},
  train: {
    params: z.strictObject({method: z.string(), seed: z.int(), model: z.strictObject({hidden: z.int()}).optional()}),
    inputs: {sentences: 'one', idf: 'any'},
    outputs: {student: 'student', scores: 'scores.json'},
    uses: params => [`src/methods/${(params as {method: string}).method}.ts`],
  },
  weigh: {inputs: {sentences: 'one', idf: 'optional'}, outputs: {vectors: 'vectors.arrow'}},
  gather: {inputs: {scores: 'many'}, outputs: {tests: 'tests.json'}},
  report: {inputs: {scores: 'any'}, outputs: {page: {file: 'index.md', place: 'reports'}}},
});

/** A scratch folder that is removed after the test. */
export const scratch = (files: Readonly<Record<string, string | Buffer>> = {}): string => {
  const root = mkdtempSync(path.join(tmpdir(), 'config-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), {recursive: true});
    writeFileSync(path.join(root, name), content);
  }
  return root;
};

export const load = (text: string, options: Partial<LoadOptions> = {}, stageTypes = types): Promise<LoadedGraph> =>
  loadGraph({cwd: scratch({'pipeline.yaml': text}), ...options}, stageTypes);

/** `stages:` only; the version is put before them. */
export const graphOf = async (stages: string, options: Partial<LoadOptions> = {}, head = ''): Promise<Graph> => {
  const loaded = await load(`version: 1\n${head}\nstages:\n${indent(stages)}`, options);
  if (!loaded.ok) throw new Error(formatConfigErrors(loaded.errors));
  return loaded.graph;
};

/** The printed errors of a whole file. */
export const errorsOf = async (text: string, options: Partial<LoadOptions> = {}): Promise<string> => {
  const loaded = await load(text, options);
  if (loaded.ok) return 'no errors';
  return `\n${formatConfigErrors(loaded.errors).replaceAll(/\/\S*config-\w+/g, 'ROOT')}`;
};

export const instance = (graph: Graph, id: string): Instance => {
  const found = graph.instances.find(candidate => candidate.id === id);
  if (found === undefined) throw new Error(`no ${id} among ${graph.instances.map(one => one.id).join(' ')}`);
  return found;
};

/** The texts of an instance's sources: `id.output` of an output, or the path. */
export const sourcesOf = ({inputs}: Instance): Record<string, string[]> =>
  Object.fromEntries(
    inputs.map(({name, sources}) => [
      name,
      sources.map(source => (source.kind === 'path' ? source.path : `${source.instance}.${source.output}`)),
    ]),
  );

const indent = (text: string): string => text.replace(/^/gm, '  ');
