import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {parse} from 'yaml';
import {createRig} from '../rig.ts';

const root = join(import.meta.dirname, '../..');

interface Checker {
  (value: unknown): boolean;
  readonly errors: readonly {readonly dataPath: string; readonly message: string}[] | null;
}
// ESLint's own copy: no other part of this package checks JSON against a schema.
const Ajv = createRequire(createRequire(join(root, 'package.json')).resolve('eslint'))('ajv') as new (
  options: object,
) => {
  compile(schema: object): Checker;
};
const checkerOf = (text: string): Checker => new Ajv({allErrors: true}).compile(JSON.parse(text) as object);

const stage = `
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'counts words',
  params: z.strictObject({least: z.number().int().default(1), mode: z.enum(['fast', 'exact']), shape: z.strictObject({hidden: z.number()}).optional()}),
  inputs: {text: 'one'}, outputs: {table: 'table.txt'},
  async run() {},
});
`;

test('the stage types of the project, their inputs and params, and references wherever a value may stand', async () => {
  const rig = createRig();
  rig.write({
    'stages/count.ts': stage,
    'stages/broken.ts': 'export default {',
    'pipeline.yaml': 'stages: [not, yet, right',
  });
  const {stdout, stderr, code} = await rig.run('schema');
  expect(code).toBe(0);
  expect(stderr).toMatch(/^stages\/broken is left out: /);
  const check = checkerOf(stdout);
  const isRight = (stage: object): boolean => check({version: 1, stages: {s: stage}});
  const right = {type: 'count', in: {text: 'a.txt'}, params: {mode: 'fast', least: 2}};
  expect(isRight(right), JSON.stringify(check.errors)).toBe(true);
  expect(isRight({...right, params: {mode: '${m}', least: '${n}', shape: '${shape}'}})).toBe(true);
  expect(isRight({...right, params: {mode: 'fast', shape: {hidden: '${h}'}}})).toBe(true);
  expect(isRight({...right, tolerance: {relative: 1e-6}})).toBe(true);
  expect(isRight({run: 'date', out: ['x']})).toBe(true);
  // Each wrong in one place.
  expect(isRight({...right, params: '${all}'})).toBe(false);
  expect(isRight({...right, params: {mode: 'slow'}})).toBe(false);
  expect(isRight({...right, params: {mode: 'fast', lest: 2}})).toBe(false);
  expect(isRight({...right, params: {mode: 'fast', shape: {hidden: 'many'}}})).toBe(false);
  expect(isRight({...right, in: {texts: 'a.txt'}})).toBe(false);
  expect(isRight({...right, type: 'counts'})).toBe(false);
  expect(isRight({...right, tolerance: {relativ: 1}})).toBe(false);
  expect(isRight({run: 'date', type: 'count'})).toBe(false);
});

test('the committed schema takes the committed pipeline, and is of this grammar', async () => {
  const committed = readFileSync(join(root, 'pipeline.schema.json'), 'utf8');
  const check = checkerOf(committed);
  check(parse(readFileSync(join(root, 'pipeline.yaml'), 'utf8')));
  expect(check.errors, 'npx pipeline schema > pipeline.schema.json writes the present one').toBe(null);
  interface Grammar {
    readonly properties: {readonly stages: {readonly additionalProperties: {readonly properties: object}}};
  }
  const keysOf = (text: string): string[] =>
    Object.keys((JSON.parse(text) as Grammar).properties.stages.additionalProperties.properties);
  expect(keysOf(committed)).toEqual(keysOf((await createRig().run('schema')).stdout));
});
