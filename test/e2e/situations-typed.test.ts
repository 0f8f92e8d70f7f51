import {execFileSync} from 'node:child_process';
import {existsSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';
import {joinStage, shoutModule, shoutStage} from './typed-stages.ts';

// The same situations for typed stages, whose code and params belong to the key; the stage files lie in the scratch folder.

const pipeline = (params: string): string => `
loud: {type: shout, in: {text: in.txt}, params: ${params}}
all: {type: join, in: {texts: "@loud.text"}}
`;

const settledRig = async (): Promise<Rig> => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/shout.ts': shoutStage, 'stages/join.ts': joinStage, 'src/shout.ts': shoutModule});
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

test('B: an input was touched but says the same', async () => {
  const rig = await settledRig();
  rig.write({'in.txt': rig.read('in.txt')});
  expect(await rig.changed()).toEqual({});
});

test('D: content of an input and of a module changed in place with size and modification time kept', async () => {
  const rig = await settledRig();
  const replace = (name: string, text: string): void => {
    const [file, reference] = [join(rig.root, name), join(rig.root, 'reference')];
    execFileSync('cp', ['-p', file, reference]);
    writeFileSync(file, text);
    execFileSync('touch', ['-r', reference, file]);
    expect(statSync(file, {bigint: true}).size).toBe(statSync(reference, {bigint: true}).size);
    expect(statSync(file, {bigint: true}).mtimeNs).toBe(statSync(reference, {bigint: true}).mtimeNs);
  };
  replace('in.txt', 'b\n');
  expect(await rig.changed()).toEqual({loud: 'ran', all: 'ran'});
  replace('src/shout.ts', shoutModule.replace('toUpperCase', 'toLowerCase'));
  expect(await rig.changed()).toEqual({loud: 'ran', all: 'ran'});
  expect(rig.read('artifacts/all/all.txt')).toBe('{} b!\n');
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
  rig.write({'src/shout.ts': shoutModule.replace('.trim().toUpperCase()', '.toUpperCase().trim()')});
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
  rig.write({'src/shout.ts': shoutModule.replace('end +', 'end + end +')});
  expect(await rig.changed()).toEqual({loud: 'ran', all: 'ran'});
  rig.write({'src/shout.ts': shoutModule});
  expect(await rig.changed()).toEqual({loud: 'restored', all: 'restored'});
});

test('H: runner and stage killed with half an output: only the unfinished runs again', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/shout.ts': shoutStage, 'src/shout.ts': shoutModule, 'stages/slow.ts': slowStage});
  rig.pipeline(`
    loud: {type: shout, in: {text: in.txt}}
    slow: {type: slow, hermetic: false, in: {text: "@loud.text"}}
  `);
  const {child, result} = rig.start('run', '--json');
  await until(() => rig.exists('pid') && rig.read('pid') !== '');
  child.kill('SIGKILL');
  process.kill(Number(rig.read('pid')), 'SIGKILL');
  expect((await result).code).toBeNull();
  expect(rig.exists('artifacts/slow')).toBe(false);
  const {rows} = await rig.run('status', '--json');
  expect(rows.map(({stage, outcome}) => [stage, outcome])).toEqual([
    ['loud', 'fresh'],
    ['slow', 'stale'],
  ]);
  rig.write({gate: ''});
  expect(await rig.changed()).toEqual({slow: 'ran'});
  expect(rig.read('artifacts/slow/text.txt')).toBe('half, then A!\n');
});

test('H: a runner killed alone: its job does not go on writing behind the next run', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/slow.ts': slowStage});
  rig.pipeline('slow: {type: slow, hermetic: false, in: {text: in.txt}}');
  const {child, result} = rig.start('run');
  await until(() => rig.exists('pid') && rig.read('pid') !== '');
  const orphan = Number(rig.read('pid'));
  child.kill('SIGKILL');
  await result;
  rig.write({gate: ''});
  rig.remove('pid');
  expect(await rig.changed()).toEqual({slow: 'ran'});
  await until(() => !existsSync(`/proc/${orphan}/cwd`));
  expect(rig.read('artifacts/slow/text.txt')).toBe('half, then a\n');
});

test('J: two runs at once in one folder start each stage once', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/slow.ts': slowStage, gate: ''});
  rig.pipeline(`
    one: {type: slow, hermetic: false, in: {text: in.txt}}
    two: {type: slow, hermetic: false, in: {text: "@one.text"}}
    three: {type: slow, hermetic: false, matrix: {seed: [1, 2]}, in: {text: in.txt}}
  `);
  const results = await Promise.all([rig.run('run', '--json'), rig.run('run', '--json')]);
  expect(results.map(({code}) => code)).toEqual([0, 0]);
  expect(rig.read('started').trim().split('\n').sort()).toEqual(['one', 'three', 'three', 'two']);
  expect(await rig.changed()).toEqual({});
});

test('a stage that writes its name and place in the matrix never gets those of another with the same key', async () => {
  const rig = createRig();
  const named = shoutStage.replace(
    'await writeFile(ctx.out.text,',
    'await writeFile(ctx.out.text, JSON.stringify([ctx.stage, ctx.axis]) +',
  );
  expect(named).not.toBe(shoutStage);
  rig.write({'in.txt': 'a\n', 'stages/shout.ts': named, 'src/shout.ts': shoutModule});
  const stage = '{type: shout, matrix: {run: [a, b]}, in: {text: in.txt}, params: {end: "!"}}';
  rig.pipeline(`one: ${stage}\ntwo: ${stage}`);
  expect((await rig.run('run', '--jobs', '3')).code).toBe(0);
  for (const name of ['one', 'two'])
    for (const run of ['a', 'b'])
      expect(rig.read(`artifacts/${name}/run=${run}/text.txt`)).toBe(`["${name}",{"run":"${run}"}]A!\n`);
  rig.remove('artifacts/two');
  expect(Object.values(await rig.changed())).toEqual(['restored', 'restored']);
  expect(rig.read('artifacts/two/run=b/text.txt')).toContain('["two",{"run":"b"}]');
});

test('K: a stage that wrote half and threw leaves no output and runs again', async () => {
  const rig = createRig();
  const half = shoutStage.replace(
    'await writeFile(',
    `await writeFile(ctx.out.text, 'half');\n    if (ctx.params.end === '!') throw new Error('lost');\n    await writeFile(`,
  );
  rig.write({'in.txt': 'a\n', 'stages/shout.ts': half, 'src/shout.ts': shoutModule});
  rig.pipeline('loud: {type: shout, in: {text: in.txt}, params: {end: "!"}}');
  expect((await rig.run('run')).code).toBe(1);
  expect(rig.exists('artifacts/loud')).toBe(false);
  rig.pipeline('loud: {type: shout, in: {text: in.txt}, params: {end: "?"}}');
  expect(await rig.changed()).toEqual({loud: 'ran'});
});

test('L: comments, types and formatting of code edited: nothing runs', async () => {
  const rig = await settledRig();
  rig.write({
    'stages/shout.ts': `// A comment.\n${shoutStage.replace('outputs: {text:', 'outputs:   {\n   text:')}`,
    'src/shout.ts': shoutModule
      .replace('// Not loud enough without the end.', 'type Text = string;')
      .replace('(text: string', '(text: Text'),
  });
  expect(await rig.changed()).toEqual({});
});

test('L: of modules that several share, a changed constant reruns only who uses it, and a comment nobody', async () => {
  const rig = createRig();
  const scale = (factor: number): string => `export const apply = (text: string): string => text.repeat(${factor});\n`;
  const shared = (mark: string, unused: string): string =>
    `export const mark = '${mark}';\nexport const unused = '${unused}';\n`;
  rig.write({
    'in.txt': 'a',
    'stages/train.ts': trainStage,
    'src/losses/twice.ts': scale(2),
    'src/losses/thrice.ts': `import {mark} from '../shared.ts';\n${scale(3).replace(';\n', ' + mark;\n')}`,
    'src/shared.ts': shared('+', '-'),
  });
  rig.pipeline(`
    train: {type: train, matrix: {loss: [twice, thrice]}, in: {text: in.txt}, params: {loss: "\${loss}"}}
    copy: {run: cp in.txt copy.txt, in: [in.txt], out: [copy.txt]}
  `);
  expect(await rig.changed()).toEqual({'train@loss=twice': 'ran', 'train@loss=thrice': 'ran', copy: 'ran'});
  rig.write({
    'src/losses/twice.ts': `/** Two of them. */\n${scale(2)}`,
    'src/shared.ts': `// Marks.\n${shared('+', '-')}`,
  });
  expect(await rig.changed()).toEqual({});
  rig.write({'src/losses/twice.ts': scale(4)});
  expect(await reasons(rig)).toMatchObject([{kind: 'code-changed', key: 'src/losses/twice.ts'}]);
  expect(await rig.changed()).toEqual({'train@loss=twice': 'ran'});
  rig.write({'src/shared.ts': shared('*', '-')});
  expect(await rig.changed()).toEqual({'train@loss=thrice': 'ran'});
  expect(rig.read('artifacts/train/loss=thrice/text.txt')).toBe('aaa*');
  // Another method beside the two is nobody's code.
  rig.write({'src/losses/none.ts': scale(0)});
  expect(await rig.changed()).toEqual({});
});

const stageOf = (params: string, uses: string, body: string): string => `
import {appendFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'For a test.',
  params: z.strictObject(${params}),
  inputs: {text: 'one'},
  outputs: {text: 'text.txt'},
  ${uses}
  async run(ctx) {
    ${body}
  },
});
`;

const slowStage = stageOf(
  '{}',
  '',
  `appendFileSync('started', ctx.stage + '\\n');
    writeFileSync('pid', String(process.pid));
    writeFileSync(ctx.out.text, 'half, then ');
    while (!existsSync('gate')) await new Promise(resolve => setTimeout(resolve, 50));
    appendFileSync(ctx.out.text, readFileSync(ctx.in.text.path));`,
);

const trainStage = stageOf(
  '{loss: z.string()}',
  'uses: ({loss}) => [`src/losses/${loss}.ts`],',
  `const {apply} = await import(\`../src/losses/\${ctx.params.loss}.ts\`);
    writeFileSync(ctx.out.text, apply(readFileSync(ctx.in.text.path, 'utf8')));`,
);

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 1500; tries++) {
    if (isTrue()) return;
    await wait(20);
  }
  throw new Error('what the test waits for did not happen within 30 s');
};

test('M: values added to an axis: only those run, and what reads all of them', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/shout.ts': shoutStage, 'stages/join.ts': joinStage, 'src/shout.ts': shoutModule});
  const withSeeds = (seeds: string): void =>
    rig.pipeline(`
      loud: {type: shout, matrix: {seed: ${seeds}}, in: {text: in.txt}, params: {end: "-\${seed}"}}
      all: {type: join, in: {texts: "@loud.text"}}
    `);
  withSeeds('[1, 2]');
  expect(await rig.changed()).toEqual({'loud@seed=1': 'ran', 'loud@seed=2': 'ran', all: 'ran'});
  withSeeds('[1, 2, 10]');
  expect(await rig.changed()).toEqual({'loud@seed=10': 'ran', all: 'ran'});
  expect(rig.read('artifacts/all/all.txt')).toBe('{"seed":"1"} A-1\n{"seed":"2"} A-2\n{"seed":"10"} A-10\n');
  expect(await rig.changed('loud@seed=2', '--force')).toEqual({'loud@seed=2': 'ran'});
});
