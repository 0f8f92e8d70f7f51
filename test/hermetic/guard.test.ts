import {existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {openedFiles} from '../../src/runner/hermetic/opened-files.ts';
import {createRig, idOf} from '../rig.ts';

const stage = (body: string): string => `
import fs, {readFileSync, writeFileSync} from 'node:fs';
import {spawnSync} from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import {z} from 'zod';
import {defineStage, StageError} from 'distill-pipeline/stage';
export default defineStage({
  description: 'For a test.',
  params: z.strictObject({}),
  inputs: {text: 'any'},
  outputs: {text: 'text.txt'},
  async run(ctx) {
    ${body}
    writeFileSync(ctx.out.text, 'done');
  },
});
`;

/** A folder outside the project, as \`--set data.glue=FOLDER\` gives one. */
const outside = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guard-data-')));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  mkdirSync(join(folder, 'deep'));
  writeFileSync(join(folder, 'deep', 'x.txt'), 'x');
  return folder;
};

test('what a stage does not declare is caught, with the line to add; what it declares is not', async () => {
  const rig = createRig();
  const data = outside();
  rig.write({
    'secret.txt': 's',
    'other.mjs': 'export const other = 1;\n',
    'in.txt': 'i',
    'stages/reads.ts': stage(`readFileSync('secret.txt');`),
    'stages/wraps.ts': stage(`try { readFileSync('secret.txt') } catch (error) { throw new StageError('no luck', {cause: error}) }`), // prettier-ignore
    'stages/writes.ts': stage(`writeFileSync('secret.txt', 'changed');`),
    'stages/imports.ts': stage("await import(`${process.cwd()}/other.${'mjs'}`);"),
    'stages/starts.ts': stage(`const {error} = spawnSync('cat', ['secret.txt']); if (error) throw error;`),
    'stages/streams.ts': stage(
      `fs.createReadStream('secret.txt'); await new Promise(done => setTimeout(done, 20000));`,
    ),
    'stages/good.ts': stage(`
      for (const {path: file} of ctx.in.text) fs.statSync(file).isDirectory() ? readFileSync(path.join(file, 'deep/x.txt')) : readFileSync(file);
      const mine = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'x-')), 'y');
      writeFileSync(mine, 'y', {flush: true});
      writeFileSync(path.join(ctx.scratch, 'checkpoint'), readFileSync(mine));`),
  });
  symlinkSync(join(rig.root, 'in.txt'), join(rig.root, 'link.txt'));
  symlinkSync(data, join(rig.root, 'linked'));
  const kinds = ['reads', 'wraps', 'writes', 'imports', 'starts', 'streams'];
  const yaml = (hermetic: string): string => `version: 1
vars: {data: nowhere}
stages:
${kinds.map(kind => `  ${kind}: {type: ${kind}}`).join('\n')}
  good: {type: good${hermetic}, in: {text: [link.txt, linked, "\${data}"]}}
  free: {type: reads, hermetic: false}
`;
  rig.write({'pipeline.yaml': yaml('')});
  const settings = ['--set', `data=${data}`];
  const {code, rows, stderr} = await rig.run('run', '--json', '--keep-going', ...settings);
  expect(code).toBe(1);
  expect(Object.fromEntries(rows.map(row => [idOf(row), row.outcome]))).toEqual({
    ...Object.fromEntries(kinds.map(kind => [kind, 'failed'])),
    good: 'ran',
    free: 'ran',
  });
  const log = (id: string): string => rig.read(`.pipeline/logs/${id}.log`);
  for (const id of ['reads', 'wraps', 'streams']) {
    expect(log(id)).toContain(`${id} read a file that it does not declare: secret.txt`);
    expect(log(id)).toContain('in: {…, extra: "secret.txt"}');
    expect(log(id)).not.toContain('    at ');
  }
  expect(log('writes')).toContain('writes wrote to a file that is not its output: secret.txt');
  expect(rig.read('secret.txt')).toBe('s');
  expect(log('imports')).toContain('imports loaded code that is not in its key: other.mjs');
  expect(log('starts')).toContain('starts started another program');
  expect(stderr).toContain('hermetic: false');
  expect(log('good')).toBe('');

  // The guard is no part of a key.
  rig.write({'pipeline.yaml': yaml(', hermetic: false').replace('type: reads, hermetic: false', 'type: reads')});
  const again = await rig.run('status', '--json', 'good', 'free', ...settings);
  expect(again.rows.map(({outcome}) => outcome)).toEqual(['fresh', 'fresh']);
});

const shellTest = existsSync('/usr/bin/strace') ? test : test.skip;

shellTest('a shell stage is checked with strace where it asks for it (left out without strace)', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'i', 'ü/ä.txt': 'u', 'secret.txt': 's'});
  symlinkSync('in.txt', join(rig.root, 'link.txt'));
  rig.pipeline(`
    good: {run: "cd out && cat ../link.txt ../ü/* > good.txt", in: [link.txt, "ü/*.txt"], out: [out/good.txt], hermetic: true}
    sly: {run: "cat in.txt secret.txt > out/sly.txt; echo x > stray.txt", in: [in.txt], out: [out/sly.txt], hermetic: true}
    free: {run: "cat in.txt secret.txt > out/free.txt", in: [in.txt], out: [out/free.txt]}
  `);
  const {rows} = await rig.run('run', '--json', '--keep-going');
  expect(Object.fromEntries(rows.map(row => [idOf(row), row.outcome]))).toEqual({
    good: 'ran',
    sly: 'failed',
    free: 'ran',
  });
  const log = rig.read('.pipeline/logs/sly.log');
  expect(log).toContain('read secret.txt    add to the stage:  in: ["secret.txt"]');
  expect(log).toContain('wrote stray.txt    add to the stage:  out: ["stray.txt"]');
  expect(rig.exists('out/sly.txt')).toBe(false);

  // Without a word in the pipeline: a look at all of them, now and then.
  expect((await rig.run('verify', 'good', 'free')).code).toBe(0);
  const {code, stderr} = await rig.run('verify', '--strace', 'good', 'free');
  expect(code).toBe(1);
  expect(stderr).toContain('read secret.txt    add to the stage:  in: ["secret.txt"]');
  expect(stderr).toMatch(/good +same/);
});

test('what strace tells: calls told in two halves, names beyond ASCII, folders', () => {
  const trace = String.raw`
11 openat(AT_FDCWD</p>, "in", O_RDONLY) = 3</p/in>
11 openat(AT_FDCWD</p>, "out", O_WRONLY|O_CREAT|O_TRUNC, 0666 <unfinished ...>
12 openat(AT_FDCWD</p>, "s", O_RDONLY|O_DIRECTORY) = 4</p/s>
12 openat(AT_FDCWD</p>, "none", O_RDONLY) = -1 ENOENT (No such file or directory)
11 <... openat resumed>) = 5</p/out>
12 creat("x", 0666) = 6</p/\303\244 \76.txt>`;
  expect(openedFiles(trace)).toEqual([
    {file: '/p/in', isWrite: false},
    {file: '/p/out', isWrite: true},
    {file: '/p/ä >.txt', isWrite: true},
  ]);
});
