import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, type Result, type Rig} from '../rig.ts';
import {mayMount, mount} from '../runner/mount.ts';

// A small file system in memory is mounted where the project, or only its state, lies; mounting takes a privilege.

const grow = (folder: string): void =>
  void execFileSync('mount', ['-o', 'remount,size=64m', folder], {stdio: 'ignore'});

const expectTold = ({code, stderr}: Result, ...texts: (string | RegExp)[]): void => {
  expect(code).toBe(1);
  for (const text of texts) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
};

const isFull = /no space left|disk is full/i;

/** Names of temporary files that were left anywhere in the state. */
const leftovers = (rig: Rig): string[] =>
  readdirSync(join(rig.root, '.pipeline'), {recursive: true, encoding: 'utf8'}).filter(name =>
    /(^|\/)\.\d+-/.test(name),
  );

const megabytes = (count: number): string => `head -c ${count}000000 /dev/zero`;

test.runIf(mayMount)('outputs: the disk fills while a stage writes', async () => {
  const rig = createRig();
  mount('tmpfs', join(rig.root, 'out'), '2m');
  rig.pipeline(`
    small: {run: echo x > out/small.txt, out: [out/small.txt]}
    large: {run: ${megabytes(8)} > out/large.bin, in: ["@small"], out: [out/large.bin]}
  `);
  expectTold(await rig.run('run'), /large .*failed/, 'No space left on device');
  expect(rig.exists('out/large.bin')).toBe(false);
  grow(join(rig.root, 'out'));
  expect(await rig.changed()).toEqual({large: 'ran'});
});

test.runIf(mayMount)('store: there is no room for the copy of an output', async () => {
  const rig = createRig();
  mount('tmpfs', join(rig.root, '.pipeline'), '2m');
  rig.pipeline(`
    small: {run: echo x > small.txt, out: [small.txt]}
    large: {run: ${megabytes(8)} > large.bin, in: ["@small"], out: [large.bin]}
  `);
  expectTold(await rig.run('run'), isFull, 'large');
  expect(rig.exists('large.bin')).toBe(false);
  expect(rig.exists('pipeline.lock/large.json')).toBe(false);
  expect(leftovers(rig)).toEqual([]);
  grow(join(rig.root, '.pipeline'));
  expect(await rig.changed()).toEqual({large: 'ran'});
});

test.runIf(mayMount)('state: not even a log or a lock can be written', async () => {
  const rig = createRig();
  const state = join(rig.root, '.pipeline');
  mount('tmpfs', state, '256k');
  rig.pipeline(`
    one: {run: echo 1 > one.txt, out: [one.txt]}
    two: {run: cp one.txt two.txt, in: ["@one"], out: [two.txt]}
  `);
  fill(state);
  expectTold(await rig.run('run'), isFull);
  expect([rig.exists('one.txt'), rig.exists('two.txt')]).toEqual([false, false]);
  expect(readdirSync(rig.root).filter(name => name.endsWith('.lock'))).toEqual([]);
  rmSync(join(state, 'filler'));
  expect(await rig.changed()).toEqual({one: 'ran', two: 'ran'});
  // What is fresh stays so where nothing can be written: telling that needs no room.
  fill(state);
  expect((await rig.run('status')).code).toBe(0);
  expect((await rig.run('run')).code).toBe(0);
});

test.runIf(mayMount)('a project without any room: the lock files are whole or not there', async () => {
  const rig = createRig();
  mount('tmpfs', rig.root, '3m');
  rig.pipeline(`
    many:
      matrix: {i: {range: [1, 40]}}
      run: ${megabytes(1).replace('1000000', '100000')} > out/\${i}.bin; echo \${i} >> out/\${i}.bin
      out: ["out/\${i}.bin"]
  `);
  expectTold(await rig.run('run'), isFull);
  const locks = existsSync(join(rig.root, 'pipeline.lock')) ? readdirSync(join(rig.root, 'pipeline.lock')) : [];
  for (const name of locks.filter(each => each.endsWith('.json'))) {
    expect(() => void JSON.parse(rig.read(`pipeline.lock/${name}`))).not.toThrow();
  }
  grow(rig.root);
  const outcomes = Object.values(await rig.outcomes());
  expect(outcomes.filter(outcome => outcome === 'ran').length).toBe(40 - locks.filter(n => n.endsWith('.json')).length);
});

const fill = (folder: string): void => {
  for (let size = 1 << 20; size > 0; size = Math.floor(size / 2)) {
    try {
      for (;;) writeFileSync(join(folder, 'filler'), Buffer.alloc(size), {flag: 'a'});
    } catch {
      // A smaller piece may still fit.
    }
  }
};
