import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

// The same situations for typed stages, whose code and params belong to the key; the stage files lie in the scratch folder.

const upper = `
import {readFile, writeFile} from 'node:fs/promises';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
import {shout} from '../src/shout.ts';

export default defineStage({
  description: 'Upper-cases a text.',
  params: z.strictObject({end: z.string().default('!'), unused: z.number().default(0)}),
  inputs: {text: 'one'},
  outputs: {text: 'text.txt'},
  async run(ctx) {
    await writeFile(ctx.out.text, shout(await readFile(ctx.in.text.path, 'utf8'), ctx.params.end));
  },
});
`;

const shout = `
// Not loud enough without the end.
export const shout = (text: string, end: string): string => text.trim().toUpperCase() + end + '\\n';
`;

const join = `
import {readFile, writeFile} from 'node:fs/promises';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';

export default defineStage({
  description: 'Joins texts, each with the axis of the job that wrote it.',
  params: z.strictObject({}),
  inputs: {texts: 'many'},
  outputs: {all: 'all.txt'},
  async run(ctx) {
    const lines = await Promise.all(
      ctx.in.texts.map(async ({path, axis}) => JSON.stringify(axis) + ' ' + (await readFile(path, 'utf8'))),
    );
    await writeFile(ctx.out.all, lines.join(''));
  },
});
`;

const pipeline = (params: string): string => `
loud: {type: upper, in: {text: in.txt}, params: ${params}}
all: {type: join, in: {texts: "@loud.text"}}
`;

const settledRig = async (): Promise<Rig> => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/upper.ts': upper, 'stages/join.ts': join, 'src/shout.ts': shout});
  rig.pipeline(pipeline('{end: "!"}'));
  expect(await rig.changed()).toEqual({loud: 'ran', all: 'ran'});
  expect(rig.read('artifacts/all/all.txt')).toBe('{} A!\n');
  return rig;
};

const reasons = async (rig: Rig): Promise<unknown> =>
  (await rig.run('status', '--json')).rows.find(row => row.reasons.length > 0)?.reasons;

test('A: nothing changed, nothing runs', async () => {
  const rig = await settledRig();
  expect(await rig.changed()).toEqual({});
});

test('C: an input changed and the output of the first stage did not', async () => {
  const rig = await settledRig();
  rig.write({'in.txt': ' a \n'});
  expect(await rig.changed()).toEqual({loud: 'ran'});
});

test('E: a param edited', async () => {
  const rig = await settledRig();
  rig.pipeline(pipeline('{end: "?"}'));
  expect(await reasons(rig)).toEqual([{kind: 'param-changed', key: 'end', was: '!', now: '?'}]);
  expect(await rig.changed()).toEqual({loud: 'ran', all: 'ran'});
});

test('E: a param edited, with the same output', async () => {
  const rig = await settledRig();
  rig.pipeline(pipeline('{end: "!", unused: 1}'));
  expect(await rig.changed()).toEqual({loud: 'ran'});
});

test('E: code of one stage edited in a module that it imports, with the same output', async () => {
  const rig = await settledRig();
  rig.write({'src/shout.ts': shout.replace('.trim().toUpperCase()', '.toUpperCase().trim()')});
  expect(await reasons(rig)).toMatchObject([{kind: 'code-changed', key: 'src/shout.ts'}]);
  expect(await rig.changed()).toEqual({loud: 'ran'});
});

test('F and G: outputs edited and deleted are restored', async () => {
  const rig = await settledRig();
  rig.write({'artifacts/loud/text.txt': 'edited\n'});
  rig.remove('artifacts/all');
  expect(await rig.changed()).toEqual({loud: 'restored', all: 'restored'});
  expect(rig.read('artifacts/all/all.txt')).toBe('{} A!\n');
});

test('I: code changed and put back', async () => {
  const rig = await settledRig();
  rig.write({'src/shout.ts': shout.replace('end +', 'end + end +')});
  expect(await rig.changed()).toEqual({loud: 'ran', all: 'ran'});
  rig.write({'src/shout.ts': shout});
  expect(await rig.changed()).toEqual({loud: 'restored', all: 'restored'});
});

test('K: a stage that wrote half and threw leaves no output and runs again', async () => {
  const rig = createRig();
  const half = upper.replace(
    'await writeFile(',
    `await writeFile(ctx.out.text, 'half');\n    if (ctx.params.end === '!') throw new Error('lost');\n    await writeFile(`,
  );
  rig.write({'in.txt': 'a\n', 'stages/upper.ts': half, 'src/shout.ts': shout});
  rig.pipeline('loud: {type: upper, in: {text: in.txt}, params: {end: "!"}}');
  expect((await rig.run('run')).code).toBe(1);
  expect(rig.exists('artifacts/loud')).toBe(false);
  rig.pipeline('loud: {type: upper, in: {text: in.txt}, params: {end: "?"}}');
  expect(await rig.changed()).toEqual({loud: 'ran'});
});

test('L: comments, types and formatting of code edited: nothing runs', async () => {
  const rig = await settledRig();
  rig.write({
    'stages/upper.ts': `// A comment.\n${upper.replace('outputs: {text:', 'outputs:   {\n   text:')}`,
    'src/shout.ts': shout
      .replace('// Not loud enough without the end.', 'type Text = string;')
      .replace('(text: string', '(text: Text'),
  });
  expect(await rig.changed()).toEqual({});
});

test('M: values added to an axis: only those run, and what reads all of them', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/upper.ts': upper, 'stages/join.ts': join, 'src/shout.ts': shout});
  const withSeeds = (seeds: string): void =>
    rig.pipeline(`
      loud: {type: upper, matrix: {seed: ${seeds}}, in: {text: in.txt}, params: {end: "-\${seed}"}}
      all: {type: join, in: {texts: "@loud.text"}}
    `);
  withSeeds('[1, 2]');
  expect(await rig.changed()).toEqual({'loud@seed=1': 'ran', 'loud@seed=2': 'ran', all: 'ran'});
  withSeeds('[1, 2, 10]');
  expect(await rig.changed()).toEqual({'loud@seed=10': 'ran', all: 'ran'});
  expect(rig.read('artifacts/all/all.txt')).toBe('{"seed":"1"} A-1\n{"seed":"2"} A-2\n{"seed":"10"} A-10\n');
  expect(await rig.changed('loud@seed=2', '--force')).toEqual({'loud@seed=2': 'ran'});
});
