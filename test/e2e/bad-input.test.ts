import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, type Result, type Rig} from '../rig.ts';

const stageFile = (run: string, outputs = `{text: 'text.txt'}`): string => `
import {writeFile} from 'node:fs/promises';
import {z} from 'zod';
import {defineStage, StageError} from 'distill-pipeline/stage';
export default defineStage({
  description: 'For a test.',
  params: z.strictObject({minLength: z.number().default(1)}),
  inputs: {},
  outputs: ${outputs},
  async run(ctx) {
    ${run}
  },
});
`;

const rigWith = (yaml: string): Rig => {
  const rig = createRig();
  rig.write({'pipeline.yaml': yaml, 'stages/make-text.ts': stageFile(`await writeFile(ctx.out.text, 'x');`)});
  return rig;
};

/** Exit code 2, each of the texts on stderr, and nothing that looks like a stack trace. */
const expectRefused = (result: Result, ...texts: string[]): void => {
  expect(result.stderr).not.toMatch(/^\s+at .*\(?.*:\d+:\d+\)?$/m);
  for (const text of texts) expect(result.stderr).toContain(text);
  expect(result.stdout).toBe('');
  expect(result.code).toBe(2);
};

test('no pipeline.yaml here or above', async () => {
  expectRefused(await createRig().run('run'), 'pipeline.yaml', 'pipeline init');
});

test('--file names nothing', async () => {
  expectRefused(await createRig().run('run', '--file', 'other.yaml'), 'other.yaml');
});

test('broken YAML, with line and column', async () => {
  expectRefused(await rigWith('version: 1\nstages:\n  a: {run: [true}\n').run('run'), 'pipeline.yaml:3:');
});

test('an empty file', async () => {
  expectRefused(await rigWith('').run('run'), 'pipeline.yaml');
});

test('an unknown stage type suggests the nearest', async () => {
  const result = await rigWith('version: 1\nstages:\n  a:\n    type: make-txet\n').run('run');
  expectRefused(result, 'pipeline.yaml:4:11', 'make-txet', 'Did you mean "make-text"?', '^^^');
});

test('an unknown key, an unknown param and a param of the wrong type are told at once, each with its place', async () => {
  const yaml =
    'version: 1\nstages:\n  a:\n    type: make-text\n    parms: {}\n    params: {minLength: many, maxLength: 3}\n';
  expectRefused(
    await rigWith(yaml).run('run'),
    'pipeline.yaml:5:5',
    'parms',
    'pipeline.yaml:6:25',
    'pipeline.yaml:6:31',
    'maxLength',
  );
});

test('a cycle is printed as a path', async () => {
  const rig = createRig();
  rig.pipeline(`
    a: {run: cp b a, in: [b], out: [a]}
    b: {run: cp a b, in: [a], out: [b]}
  `);
  const result = await rig.run('run');
  expectRefused(result, 'pipeline.yaml:');
  expect(result.stderr).toMatch(/a → b → a|b → a → b/);
});

test('an unknown stage on the command line names what there is', async () => {
  expectRefused(
    await rigWith('version: 1\nstages:\n  words: {type: make-text}\n').run('run', 'wrods'),
    'wrods',
    'words',
  );
});

test.each([
  [['rnu'], 'run'],
  [['run', '--jbos', '2'], '--jobs'],
  [['run', '--jobs', 'many'], 'positive integer'],
  [['run', '--set', 'seeds'], 'key=value'],
  [['run', '--executor', 'cloud'], 'local'],
  [['graph', '--format', 'svg'], 'mermaid'],
  [['why'], 'stage'],
])('a command line that is wrong: %s', async (args, text) => {
  expectRefused(await rigWith('version: 1\nstages:\n  a: {type: make-text}\n').run(...args), text);
});

test('a stage that throws: exit code 1, the log and its path; a StageError without a stack trace', async () => {
  const rig = rigWith('version: 1\nstages:\n  a: {type: make-text}\n');
  rig.write({
    'stages/make-text.ts': stageFile(`throw new StageError('line 7: a label is missing; give one or drop it');`),
  });
  const result = await rig.run('run');
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('line 7: a label is missing; give one or drop it');
  expect(result.stderr).toMatch(/\.pipeline\/logs\/.*a.*\.log/);
  expect(result.stderr).not.toContain('    at ');
});

test('a stage that fails prints its last 20 log lines', async () => {
  const rig = createRig();
  rig.pipeline('talk: {run: seq 1 30; exit 3, out: [x]}');
  const result = await rig.run('run');
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('exit code 3');
  expect(result.stderr).toMatch(/last 20 of 30 log lines, \.pipeline\/logs\/talk\.log:\s+11\s+12\s/);
  expect(result.stderr).not.toMatch(/^\s+10$/m);
  expect((await rig.run('logs', 'talk')).stdout).toBe(
    `${Array.from({length: 30}, (_, index) => index + 1).join('\n')}\n`,
  );
});

test('a stage that is killed', async () => {
  const rig = createRig();
  rig.pipeline('gone: {run: echo half > x; kill -9 $$, out: [x]}');
  const result = await rig.run('run');
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('SIGKILL');
  expect(rig.exists('x')).toBe(false);
});

test('a stage that does not write what it promised', async () => {
  const rig = rigWith(`
version: 1
stages:
  shell: {run: "true", out: [never.txt]}
  typed: {type: make-text}
`);
  rig.write({'stages/make-text.ts': stageFile(`ctx.log('did nothing');`)});
  const result = await rig.run('run', '--keep-going');
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('never.txt');
  expect(result.stderr).toMatch(/without writing .*text/);
  expect(rig.exists('artifacts/typed')).toBe(false);
});

test('diff outside a git repository says what it needs', async () => {
  expectRefused(await rigWith('version: 1\nstages:\n  a: {type: make-text}\n').run('diff'), 'git');
});

test('an input that does not exist', async () => {
  const rig = createRig();
  rig.pipeline('copy: {run: cp data/in.txt out.txt, in: [data/in.txt], out: [out.txt]}');
  const result = await rig.run('run');
  expect(result.code).not.toBe(0);
  expect(result.stderr).toContain('data/in.txt');
});

test('an input that does not exist and comes from a var: how to give another', async () => {
  const rig = createRig();
  rig.write({
    'pipeline.yaml': `
version: 1
vars: {data: {glue: glue}}
stages:
  copy: {run: cp glue/dev.tsv out.txt, in: ["\${data.glue}/dev.tsv"], out: [out.txt]}
`,
  });
  const result = await rig.run('run');
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('input glue/dev.tsv does not exist');
  expect(result.stderr).toContain('--set data.glue=');
});

test('after a failure nothing new starts, with --keep-going what does not depend on it does', async () => {
  const rig = createRig();
  rig.pipeline(`
    bad: {run: exit 1, out: [bad]}
    after: {run: cp bad after, in: ["@bad"], out: [after]}
    good: {run: sleep 0.3; echo x > good, out: [good]}
    better: {run: cp good better, in: ["@good"], out: [better]}
  `);
  const stopped = await rig.run('run', '--jobs', '1', '--json');
  expect(stopped.code).toBe(1);
  expect(Object.fromEntries(stopped.rows.map(({stage, outcome}) => [stage, outcome]))).toMatchObject({
    bad: 'failed',
    after: 'skipped',
    better: 'skipped',
  });
  const kept = await rig.run('run', '--keep-going', '--json');
  expect(kept.code).toBe(1);
  expect(Object.fromEntries(kept.rows.map(({stage, outcome}) => [stage, outcome]))).toMatchObject({
    bad: 'failed',
    after: 'skipped',
    better: 'ran',
  });
});

test('an output that cannot be written', async () => {
  const rig = createRig();
  rig.write({'.pipeline': 'a file where the state belongs\n'});
  rig.pipeline('a: {run: echo > a, out: [a]}');
  const result = await rig.run('run');
  expect(result.code).not.toBe(0);
  expect(result.stderr).toContain('.pipeline');
  expect(result.stderr).not.toContain('    at ');
});

test('works in a folder below the pipeline file, with paths from the project root', async () => {
  const rig = createRig();
  rig.pipeline('a: {run: echo > out/a, out: [out/a]}');
  mkdirSync(join(rig.root, 'deep/er'), {recursive: true});
  const result = await rig.run('run', '--file', 'pipeline.yaml');
  expect(result.code).toBe(0);
  expect(rig.exists('out/a')).toBe(true);
});
