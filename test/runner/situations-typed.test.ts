import {readdirSync, writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {createRig, type Rig} from './rig.ts';

const stage = (body: string, extra = ''): string => `
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage, StageError} from 'distill-pipeline/stage';
${extra}
export default defineStage({
  description: 'A stage of a test.',
  params: z.strictObject({times: z.number().default(1)}),
  inputs: {text: 'many'},
  outputs: {text: 'text.txt', size: 'size.json'},
  async run(ctx) {
    appendFileSync('journal', ctx.stage + '\\n');
    const text: string = ctx.in.text.map(({path}) => readFileSync(path, 'utf8')).join('');
${body}
  },
});
`;

const good = `    writeFileSync(ctx.out.text, shout(text).repeat(ctx.params.times));
    writeFileSync(ctx.out.size, JSON.stringify({size: text.length}));`;
const helper = `import {shout} from '../lib/shout.ts';`;

const yaml = `
loud: {type: loud, hermetic: false, in: {text: in.txt}}
louder: {type: loud, hermetic: false, in: {text: "@loud.text"}, params: {times: 2}}`;

const built = async (): Promise<Rig> => {
  const rig = createRig();
  rig.write({
    'in.txt': 'hi\n',
    'stages/loud.ts': stage(good, helper),
    'lib/shout.ts': `/** Loud. */\nexport const shout = (text: string): string => text.toUpperCase();\n`,
  });
  rig.stages(yaml);
  const {outcomes, settled} = await rig.run();
  expect(settled.map(({failure}) => failure)).toEqual([undefined, undefined]);
  expect(outcomes).toEqual({loud: 'ran', louder: 'ran'});
  return rig;
};

describe('typed stages', () => {
  test('A, B: outputs are where they belong; nothing changed, nothing runs', async () => {
    const rig = await built();
    expect(rig.read('artifacts/louder/text.txt')).toBe('HI\nHI\n');
    rig.write({'in.txt': 'hi\n'});
    expect((await rig.run()).outcomes).toEqual({loud: 'fresh', louder: 'fresh'});
    expect(readdirSync(rig.file('.pipeline/tmp'))).toEqual([]);
    expect(readdirSync(rig.file('.pipeline/checkpoints'))).toEqual([]);
  });

  test('C: the same output from another input stops there', async () => {
    const rig = await built();
    rig.write({'in.txt': 'Hi\n'});
    expect((await rig.run()).outcomes).toEqual({loud: 'ran', louder: 'fresh'});
  });

  test('E: code that a stage imports counts, and is named', async () => {
    const rig = await built();
    rig.write({'lib/shout.ts': `export const shout = (text: string): string => text.toUpperCase() + '';\n`});
    const {ran, settled} = await rig.run();
    expect(ran).toEqual(['loud', 'louder']);
    expect(settled[0]!.reasons).toMatchObject([{kind: 'code-changed', key: 'lib/shout.ts'}]);
  });

  test('E: a param runs its stage alone', async () => {
    const rig = await built();
    rig.stages(yaml.replace('times: 2', 'times: 3'));
    const {outcomes, settled} = await rig.run();
    expect(outcomes).toEqual({loud: 'fresh', louder: 'ran'});
    expect(settled[1]!.reasons).toEqual([{kind: 'param-changed', key: 'times', was: 2, now: 3}]);
  });

  test('F, G: edited and deleted outputs are restored', async () => {
    const rig = await built();
    rig.write({'artifacts/loud/text.txt': 'edited'});
    expect((await rig.run()).outcomes).toEqual({loud: 'restored', louder: 'fresh'});
    rig.write({'artifacts/louder/text.txt': null});
    expect((await rig.run()).outcomes).toEqual({loud: 'fresh', louder: 'restored'});
    expect(rig.journal()).toHaveLength(2);
  });

  test('I: code that is put back brings the outputs back', async () => {
    const rig = await built();
    const source = rig.read('lib/shout.ts');
    rig.write({'lib/shout.ts': `export const shout = (text: string): string => text.trim();\n`});
    await rig.run();
    rig.write({'lib/shout.ts': source});
    expect((await rig.run()).outcomes).toEqual({loud: 'restored', louder: 'restored'});
  });

  test('K: a stage that throws leaves the old artifact and nothing new', async () => {
    const rig = await built();
    rig.write({
      'stages/loud.ts': stage(
        `    writeFileSync(ctx.out.text, 'half'); shout(text); throw new Error('broke');`,
        helper,
      ),
    });
    const {outcomes, settled} = await rig.run();
    expect(outcomes).toEqual({loud: 'failed', louder: 'skipped'});
    expect(settled[0]!.failure).toMatchObject({kind: 'exit-code', code: 1});
    const log = rig.read('.pipeline/logs/loud.log');
    expect(log).toContain('Error: broke');
    expect(log).toContain('stages/loud.ts:'); // through the source map
    expect(rig.read('artifacts/loud/text.txt')).toBe('HI\n');
    rig.write({'stages/loud.ts': stage(good, helper)});
    expect((await rig.run()).outcomes).toEqual({loud: 'fresh', louder: 'fresh'});
  });

  test('a StageError is told without a stack, and exits 2', async () => {
    const rig = await built();
    rig.write({'stages/loud.ts': stage(`    throw new StageError('the text is too quiet');`)});
    expect((await rig.run()).settled[0]!.failure).toMatchObject({kind: 'exit-code', code: 2});
    expect(rig.read('.pipeline/logs/loud.log')).toBe('the text is too quiet\n');
  });

  test('an output that was not written is named, and nothing is recorded', async () => {
    const rig = await built();
    rig.write({'stages/loud.ts': stage(`    writeFileSync(ctx.out.text, 'only one');`)});
    const {settled} = await rig.run();
    expect(settled[0]!.failure).toMatchObject({kind: 'output-not-written', outputs: ['artifacts/loud/size.json']});
    expect(rig.read('artifacts/loud/text.txt')).toBe('HI\n');
  });

  test('L: comments, types and formatting of the code are no change', async () => {
    const rig = await built();
    const edited = stage(good, helper)
      .replace('async run(ctx) {', '// a comment\n  async run(ctx)\n  {\n    /* another */')
      .replace('const text: string =', 'const text: Readonly<string> =')
      .replace("import {z} from 'zod';", "import   { z }   from 'zod'");
    rig.write({
      'stages/loud.ts': edited,
      'lib/shout.ts': `interface Unused {\n  a: string;\n}\n\nexport const shout = (text: string) =>\n  text.toUpperCase();\n`,
    });
    expect((await rig.run()).outcomes).toEqual({loud: 'fresh', louder: 'fresh'});
    expect((await rig.plan()).map(({outcome}) => outcome)).toEqual(['fresh', 'fresh']);
  });

  test('M: a new seed trains alone and the summary sees all of them in order', async () => {
    const rig = await built();
    const seeds = (list: string): string => `
train: {type: loud, hermetic: false, matrix: {seed: ${list}}, in: {text: in.txt}, params: {times: "\${seed}"}}
all: {type: loud, hermetic: false, in: {text: "@train.text"}}`;
    rig.stages(seeds('[1, 2]'));
    await rig.run();
    rig.stages(seeds('[1, 2, 3]'));
    expect((await rig.run()).outcomes).toEqual({
      'train@seed=1': 'fresh',
      'train@seed=2': 'fresh',
      'train@seed=3': 'ran',
      all: 'ran',
    });
    expect(rig.read('artifacts/all/text.txt')).toBe('HI\n'.repeat(6));
    rig.stages(seeds('[3, 2, 1]'));
    expect((await rig.run()).ran).toEqual(['all']);
  });

  test('modules named by `uses` are code; a missing one is named', async () => {
    const rig = createRig();
    rig.write({
      'stages/pick.ts': `
import {writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'Loads a module by name.',
  params: z.strictObject({method: z.string()}),
  inputs: {},
  outputs: {text: 'text.txt'},
  uses: ({method}) => [\`methods/\${method}.ts\`],
  async run({params: {method}, out}) {
    const {word} = await import(\`../methods/\${method}.ts\`);
    writeFileSync(out.text, word);
  },
});`,
      'methods/one.ts': `export const word: string = 'one';`,
      'methods/two.ts': `export const word: string = 'two';`,
    });
    const matrix = (methods: string): string =>
      `p: {type: pick, matrix: {method: [${methods}]}, params: {method: "\${method}"}}`;
    rig.stages(matrix('one, two'));
    expect([...(await rig.run()).ran].sort()).toEqual(['p@method=one', 'p@method=two']);
    expect(rig.read('artifacts/p/method=two/text.txt')).toBe('two');
    rig.write({'methods/two.ts': `export const word = 'zwei';`});
    expect((await rig.run()).ran).toEqual(['p@method=two']);
    rig.stages(matrix('three'));
    expect((await rig.run()).settled[0]!.failure).toEqual({
      kind: 'could-not-start',
      message: 'stages/pick.ts uses `methods/three.ts`, but there is no file methods/three.ts',
    });
  });

  test('a syntax error in the code is told with its place', async () => {
    const rig = await built();
    writeFileSync(rig.file('lib/shout.ts'), 'export const shout = (;\n');
    await expect(rig.run()).rejects.toThrow(/lib\/shout\.ts:1:23/);
  });
});
