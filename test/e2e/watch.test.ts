import {renameSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {expect, onTestFinished, test} from 'vitest';
import {createRig, type Rig, type Running} from '../rig.ts';

const stage = (letter: string): string => `
import {writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'writes a letter',
  params: z.strictObject({}),
  inputs: {},
  outputs: {file: 'letter.txt'},
  async run(ctx) { writeFileSync(ctx.out.file, '${letter}'); },
});
`;

/**
 * Starts `run --watch`; `next(text)` resolves with all it said since the last time, once it has said that, `settled(text)` once
 * a run said it and ended.
 */
const watching = (
  rig: Rig,
  ...args: string[]
): Running & Record<'next' | 'settled', (text: string) => Promise<string>> => {
  const running = rig.start('run', '--watch', ...args);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  let said = '';
  for (const stream of [running.child.stdout, running.child.stderr])
    stream!.on('data', (text: string) => (said += text));
  const next = async (text: string): Promise<string> => {
    for (let time = 0; !said.includes(text); time++) {
      if (time > 5000 || running.child.exitCode !== null) throw new Error(`it did not say "${text}", but:\n${said}`);
      await wait(20);
    }
    // Results come by another pipe, and may come later.
    await wait(200);
    const heard = said;
    said = '';
    return heard;
  };
  // A file is empty for a moment while it is written. Where this process stalls just then, that is an edit of its own.
  const settled = async (text: string): Promise<string> => {
    let heard = '';
    do heard += await next('Ctrl-C ends');
    while (!heard.includes(text));
    return heard;
  };
  return {...running, next, settled};
};

test('runs again after an edit of an input, of the pipeline, of the code; Ctrl-C ends with 130', async () => {
  const rig = createRig();
  rig.write({'in/a.txt': 'a\n', 'other.txt': '', 'stages/letter.ts': stage('x')});
  rig.pipeline(`
    copy: {run: cat in/*.txt > out/copy, in: [in/*.txt], out: [out/copy]}
    letter: {type: letter}
  `);
  const {settled, child, result} = watching(rig);
  await settled('done: 2 ran');

  rig.write({'other.txt': 'nobody reads it', 'in/b.txt': 'b\n'});
  let added = await settled('done: 1 ran, 1 fresh');
  while (rig.read('out/copy') !== 'a\nb\n') added += await settled('done: 1 ran, 1 fresh');
  expect(added).toContain('added: in/b.txt\n');
  expect(added).not.toContain('other.txt');
  expect(added).toContain('✓ copy');

  rig.write({'stages/letter.ts': stage('y')});
  expect(await settled('code stages/letter.ts changed')).toContain('changed: stages/letter.ts\n');
  expect(rig.read('artifacts/letter/letter.txt')).toBe('y');

  rig.write({'pipeline.yaml': rig.read('pipeline.yaml').replace('out/copy, in', 'out/copy; date, in')});
  expect(await settled('command changed')).toContain('changed: pipeline.yaml\n');

  child.kill('SIGINT');
  expect((await result).code).toBe(130);
});

test('a mistake in pipeline.yaml is told, and the next edit mends it', async () => {
  const rig = createRig();
  rig.pipeline('one: {run: echo 1 > out, out: [out]}');
  const {settled, child, result} = watching(rig);
  await settled('done: 1 ran');
  rig.pipeline('one: {rnu: echo 2 > out, out: [out]}');
  await settled('Did you mean "run"?');
  rig.pipeline('one: {run: echo 2 > out, out: [out]}');
  await settled('done: 1 ran');
  expect(rig.read('out')).toBe('2\n');
  child.kill('SIGTERM');
  expect((await result).code).toBe(130);
});

test('what is edited during a run is run after it; many edits at once are one run', async () => {
  const rig = createRig();
  rig.write({'in.txt': '1\n', hold: ''});
  rig.pipeline('slow: {run: "while test -f hold; do sleep 0.1; done; cat in.txt > out", in: [in.txt], out: [out]}');
  const {next, settled, child, result} = watching(rig, '--force');
  await next('started');
  rig.write({'in.txt': '2\n'});
  rig.remove('hold');
  await settled('input in.txt changed while the stage was running');
  for (let number = 3; number < 9; number++) {
    rig.write({'in.txt': `${number}\n`});
    await wait(30);
  }
  // A machine that stalls between two edits takes them for two.
  do await next('done: 1 ran');
  while (rig.read('out') !== '8\n');
  // Force was for the first time; an interruption while a stage runs stops it.
  rig.write({'in.txt': '9\n', hold: ''});
  await next('started');
  child.kill('SIGINT');
  const {code, stderr} = await result;
  expect(code).toBe(130);
  expect(stderr).toContain(
    'slow                      interrupted'.replace(/ +/, stderr.match(/slow( +)interrupted/)?.[1] ?? ' '),
  );
  expect(rig.exists('out')).toBe(false);
});

test('--json: the lines of each run', async () => {
  const rig = createRig();
  rig.write({'in.txt': '1\n'});
  rig.pipeline('one: {run: cp in.txt out, in: [in.txt], out: [out]}');
  const {next, child, result} = watching(rig, '--json');
  await next('Ctrl-C ends');
  rig.write({'in.txt.new': '2\n'});
  renameSync(join(rig.root, 'in.txt.new'), join(rig.root, 'in.txt'));
  await next('Ctrl-C ends');
  child.kill('SIGINT');
  expect((await result).rows.map(({stage, outcome}) => [stage, outcome])).toEqual([
    ['one', 'ran'],
    ['one', 'ran'],
  ]);
});
