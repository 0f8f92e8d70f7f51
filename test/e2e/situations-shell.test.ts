import {execFileSync} from 'node:child_process';
import {existsSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {createRig, idOf, type Rig} from '../rig.ts';

// Situations A to K and M of a build tool's life, for shell stages: run, touch one thing, run, expect exactly these stages.

const stages = `
sorted:
  run: sort -u in.txt > out/sorted.txt
  in: [in.txt]
  out: [out/sorted.txt]
upper:
  run: tr a-z A-Z < out/sorted.txt > out/upper.txt
  in: ["@sorted"]
  out: [out/upper.txt]
other:
  run: wc -l < other.txt > out/other.txt
  in: [other.txt]
  out: [out/other.txt]
`;

const allRan = {sorted: 'ran', upper: 'ran', other: 'ran'};

const settledRig = async (): Promise<Rig> => {
  const rig = createRig();
  rig.write({'in.txt': 'b\na\n', 'other.txt': 'x\n'});
  rig.pipeline(stages);
  expect(await rig.changed()).toEqual(allRan);
  return rig;
};

test('A: nothing changed, nothing runs', async () => {
  const rig = await settledRig();
  expect(await rig.outcomes()).toEqual({sorted: 'fresh', upper: 'fresh', other: 'fresh'});
});

test('B: an input was touched but says the same', async () => {
  const rig = await settledRig();
  rig.write({'in.txt': rig.read('in.txt')});
  expect(await rig.changed()).toEqual({});
});

test('C: an input changed and the output of the first stage did not', async () => {
  const rig = await settledRig();
  rig.write({'in.txt': 'a\nb\na\n'});
  expect(await rig.changed()).toEqual({sorted: 'ran'});
  expect(await rig.changed()).toEqual({});
});

test('D: content changed in place with size and modification time kept', async () => {
  const rig = await settledRig();
  const input = join(rig.root, 'in.txt');
  execFileSync('cp', ['-p', input, join(rig.root, 'reference')]);
  writeFileSync(input, 'b\nc\n');
  execFileSync('touch', ['-r', join(rig.root, 'reference'), input]);
  expect(statSync(input, {bigint: true}).mtimeNs).toBe(statSync(join(rig.root, 'reference'), {bigint: true}).mtimeNs);
  expect(await rig.changed()).toEqual({sorted: 'ran', upper: 'ran'});
  expect(rig.read('out/upper.txt')).toBe('B\nC\n');
});

test('E: a command edited, with the same output', async () => {
  const rig = await settledRig();
  rig.pipeline(stages.replace('sort -u in.txt', 'sort in.txt | uniq'));
  expect(await rig.changed()).toEqual({sorted: 'ran'});
});

test('E: an environment variable that counts, with the same output', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n'});
  rig.pipeline(`
    one: {run: cp in.txt out/one.txt, in: [in.txt], out: [out/one.txt], env: [RIG_LETTER]}
    two: {run: cp out/one.txt out/two.txt, in: ["@one"], out: [out/two.txt]}
  `);
  await rig.outcomes();
  process.env.RIG_LETTER = 'x';
  try {
    expect(await rig.changed()).toEqual({one: 'ran'});
  } finally {
    delete process.env.RIG_LETTER;
  }
});

test('F: an output edited by hand is restored', async () => {
  const rig = await settledRig();
  rig.write({'out/sorted.txt': 'edited\n'});
  expect(await rig.changed()).toEqual({sorted: 'restored'});
  expect(rig.read('out/sorted.txt')).toBe('a\nb\n');
});

test('G: a deleted output is restored', async () => {
  const rig = await settledRig();
  rig.remove('out');
  expect(await rig.changed()).toEqual({sorted: 'restored', upper: 'restored', other: 'restored'});
  expect(rig.read('out/upper.txt')).toBe('A\nB\n');
});

test('H: runner and stage killed with half an output: only the unfinished runs again', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n'});
  rig.pipeline(`
    done: {run: cp in.txt out/done.txt, in: [in.txt], out: [out/done.txt]}
    slow:
      run: echo $$ > pid; echo half > out/slow.txt; test -f gate || sleep 300; cat out/done.txt >> out/slow.txt
      in: ["@done"]
      out: [out/slow.txt]
  `);
  const {child, result} = rig.start('run', '--json');
  await until(() => existsSync(join(rig.root, 'pid')) && rig.read('pid').trim() !== '');
  child.kill('SIGKILL');
  process.kill(Number(rig.read('pid')), 'SIGKILL');
  expect((await result).code).toBeNull();
  expect(await status(rig)).toMatchObject({done: 'fresh', slow: 'stale'});
  rig.write({gate: ''});
  expect(await rig.changed()).toEqual({slow: 'ran'});
  expect(rig.read('out/slow.txt')).toBe('half\na\n');
});

test('I: an input changed and put back', async () => {
  const rig = await settledRig();
  rig.write({'in.txt': 'c\n'});
  expect(await rig.changed()).toEqual({sorted: 'ran', upper: 'ran'});
  rig.write({'in.txt': 'b\na\n'});
  expect(await rig.changed()).toEqual({sorted: 'restored', upper: 'restored'});
  expect(rig.read('out/upper.txt')).toBe('A\nB\n');
});

test('J: two runs at once in one folder start each stage once', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n'});
  rig.pipeline(`
    one: {run: echo one >> started; sleep 1; cp in.txt out/one.txt, in: [in.txt], out: [out/one.txt]}
    two: {run: echo two >> started; sleep 1; cp out/one.txt out/two.txt, in: ["@one"], out: [out/two.txt]}
    three: {run: echo three >> started; sleep 1; cp in.txt out/three.txt, in: [in.txt], out: [out/three.txt]}
  `);
  const results = await Promise.all([rig.run('run', '--json'), rig.run('run', '--json')]);
  expect(results.map(({code}) => code)).toEqual([0, 0]);
  expect(rig.read('started').trim().split('\n').sort()).toEqual(['one', 'three', 'two']);
  expect(await rig.changed()).toEqual({});
});

test('K: a stage that failed half-way leaves no output and runs again', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n'});
  rig.pipeline(`
    half: {run: echo half > out/half.txt; test -f gate, in: [in.txt], out: [out/half.txt]}
    after: {run: cp out/half.txt out/after.txt, in: ["@half"], out: [out/after.txt]}
  `);
  const failed = await rig.run('run', '--json');
  expect(failed.code).toBe(1);
  expect(failed.rows.map(({stage, outcome}) => [stage, outcome])).toEqual([
    ['half', 'failed'],
    ['after', 'skipped'],
  ]);
  expect(rig.exists('out/half.txt')).toBe(false);
  rig.write({gate: ''});
  expect(await rig.changed()).toEqual({half: 'ran', after: 'ran'});
});

test('M: values added to an axis: only those run, and what reads all of them', async () => {
  const rig = createRig();
  const withSeeds = (seeds: string): void =>
    rig.pipeline(`
      train:
        run: echo seed \${seed} > out/train-\${seed}.txt
        matrix: {seed: ${seeds}}
        out: ["out/train-\${seed}.txt"]
      all: {run: cat out/train-*.txt > out/all.txt, in: ["@train"], out: [out/all.txt]}
    `);
  withSeeds('[1, 2]');
  expect(await rig.changed()).toEqual({'train@seed=1': 'ran', 'train@seed=2': 'ran', all: 'ran'});
  withSeeds('[1, 2, 3]');
  expect(await rig.changed()).toEqual({'train@seed=3': 'ran', all: 'ran'});
  expect(rig.read('out/all.txt')).toBe('seed 1\nseed 2\nseed 3\n');
});

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 5000; tries++) {
    if (isTrue()) return;
    await wait(20);
  }
  throw new Error('what the test waits for did not happen within 100 s');
};

const status = async (rig: Rig): Promise<Record<string, string>> => {
  const {rows} = await rig.run('status', '--json');
  return Object.fromEntries(rows.map(row => [idOf(row), row.outcome]));
};
