import {mkdirSync, readdirSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {parseSize} from '../../src/runner/gc/size-limit.ts';
import {createRig, type Rig} from '../rig.ts';
import {gitIn} from './repository.ts';

interface Collected {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly freedBytes: number;
  readonly removed: {readonly objects: number; readonly checkpoints: number};
  readonly neededBytes: number;
}

/** One stage that writes a megabyte of its letter, into a file and into a folder with two. */
const writeLetter = async (rig: Rig, letter: string): Promise<void> => {
  rig.write({'in.txt': letter});
  await rig.outcomes();
};
const rigOfLetters = (env: Readonly<Record<string, string>> = {}): Rig => {
  const rig = createRig(env);
  rig.write({'in.txt': ''});
  rig.pipeline(`
    big:
      run: |
        head -c 1000000 /dev/zero | tr '\\0' "$(cat in.txt)" > out/file
        mkdir out/folder; head -c 10 out/file > out/folder/a; echo two >> out/folder/a; cp out/file out/folder/b
      in: [in.txt]
      out: [out/file, out/folder]
  `);
  return rig;
};
const gc = async (rig: Rig, ...args: string[]): Promise<Collected> =>
  JSON.parse((await rig.run('gc', '--json', ...args)).stdout) as Collected;
/** Putting the letter back: is it still in the store? */
const comesBack = async (rig: Rig, letter: string): Promise<string | undefined> => {
  rig.write({'in.txt': letter});
  return (await rig.run('status', '--json')).rows[0]?.outcome;
};

test('the limit makes go what was longest not used, and only as much as must', async () => {
  const rig = rigOfLetters();
  for (const letter of 'abcd') await writeLetter(rig, letter);
  const asked = await gc(rig, '--max-size', '3MB', '--dry-run');
  expect(asked.freedBytes).toBeGreaterThan(1_000_000);
  expect(await comesBack(rig, 'a')).toBe('restorable');
  const {bytesBefore, bytesAfter} = await gc(rig, '--max-size', '3MB');
  expect(bytesBefore).toBeGreaterThan(4_000_000);
  expect(bytesAfter).toBeLessThanOrEqual(3_000_000);
  expect(bytesAfter).toBeGreaterThan(2_000_000);
  expect(await comesBack(rig, 'a')).toBe('stale');
  expect(await comesBack(rig, 'c')).toBe('restorable');
});

test('what is used again is no longer the oldest', async () => {
  const rig = rigOfLetters();
  for (const letter of 'abc') await writeLetter(rig, letter);
  await writeLetter(rig, 'a'); // restored
  await writeLetter(rig, 'd');
  await gc(rig, '--max-size', '2.1MB');
  expect(await comesBack(rig, 'b')).toBe('stale');
  expect(await comesBack(rig, 'a')).toBe('restorable');
});

test('never what lock files need: of the working tree, of HEAD, of branches and of tags', async () => {
  const rig = rigOfLetters();
  const git = gitIn(rig);
  const commit = (letter: string): void => {
    git('add', '-A');
    git('commit', '-q', '-m', letter);
  };
  await writeLetter(rig, 'a');
  commit('a');
  git('tag', '-a', '-m', 'annotated', 'v1');
  git('checkout', '-q', '-b', 'side');
  await writeLetter(rig, 'b');
  commit('b');
  git('checkout', '-q', '--detach', 'main');
  await writeLetter(rig, 'c');
  commit('c'); // HEAD, on no branch
  git('branch', '-q', '-D', 'main'); // only the tag is left of it
  await writeLetter(rig, 'd'); // nowhere but here, soon not even here
  await writeLetter(rig, 'e'); // the working tree
  const {freedBytes, neededBytes, bytesAfter} = await gc(rig, '--max-size', '0');
  expect(freedBytes).toBeGreaterThan(1_000_000);
  expect(freedBytes).toBeLessThan(1_100_000);
  expect(bytesAfter).toBe(neededBytes);
  // An edited output is brought back whole, folders with their files.
  rig.remove('out/folder/b');
  expect(await rig.changed()).toEqual({big: 'restored'});
  expect(await comesBack(rig, 'd')).toBe('stale');
  for (const revision of ['v1', 'side']) {
    git('checkout', '-q', '-f', revision);
    expect(await rig.changed(), revision).toEqual({big: 'restored'});
  }
});

test('a lock file in a merge conflict still counts on both sides', async () => {
  const rig = rigOfLetters();
  await writeLetter(rig, 'a');
  const ours = rig.read('pipeline.lock/big.json');
  await writeLetter(rig, 'b');
  const theirs = rig.read('pipeline.lock/big.json');
  await writeLetter(rig, 'c');
  rig.write({'pipeline.lock/big.json': `<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`});
  const {freedBytes} = await gc(rig, '--max-size', '0');
  expect(freedBytes).toBeLessThan(1_100_000);
  for (const letter of 'ab') expect(await comesBack(rig, letter), letter).toBe('restorable');
});

test('a git that does not answer: nothing is removed', async () => {
  const rig = rigOfLetters();
  for (const letter of 'ab') await writeLetter(rig, letter);
  rig.write({'.git': 'gitdir: /nowhere\n'});
  const {code, stderr} = await rig.run('gc', '--max-size', '0');
  expect([code, stderr]).toEqual([2, expect.stringContaining('Nothing was removed.')]);
  rig.remove('.git');
  expect(await comesBack(rig, 'a')).toBe('restorable');
});

test('beside a running pipeline nothing is lost that it needs', async () => {
  const rig = rigOfLetters();
  for (const letter of 'ab') await writeLetter(rig, letter);
  rig.pipeline(`
    one: {run: sleep 1; head -c 500000 /dev/urandom > out/one, out: [out/one]}
    two: {run: sleep 2; cp out/one out/two, in: ["@one"], out: [out/two]}
    three: {run: cat out/one out/two > out/three, in: ["@one", "@two"], out: [out/three]}
  `);
  const running = rig.start('run', '--json');
  let isRunning = true;
  void running.result.then(() => (isRunning = false));
  while (isRunning) expect((await rig.run('gc', '--max-size', '0')).code).toBe(0);
  const {code, rows} = await running.result;
  expect([code, rows.map(({outcome}) => outcome)]).toEqual([0, ['ran', 'ran', 'ran']]);
  for (const name of ['one', 'two', 'three']) rig.remove(`out/${name}`);
  expect(await rig.changed()).toEqual({one: 'restored', two: 'restored', three: 'restored'});
});

test('while a stage is locked, what was stored in the last minutes stays', async () => {
  const rig = rigOfLetters();
  for (const letter of 'ab') await writeLetter(rig, letter);
  rig.write({'.pipeline/locks/train.lock': '{}'});
  expect((await gc(rig, '--max-size', '0')).freedBytes).toBe(0);
  expect(await comesBack(rig, 'a')).toBe('restorable');
  for (const name of readdirSync(join(rig.root, '.pipeline/objects'), {recursive: true, encoding: 'utf8'})) {
    const then = new Date(Date.now() - 11 * 60_000);
    utimesSync(join(rig.root, '.pipeline/objects', name), then, then);
  }
  expect((await gc(rig, '--max-size', '0')).freedBytes).toBeGreaterThan(1_000_000);
});

test('a run keeps the store within its limit by itself, and says so', async () => {
  const rig = rigOfLetters({DISTILL_STORE_LIMIT: '2.5 MB'});
  for (const letter of 'ab') await writeLetter(rig, letter);
  rig.write({'in.txt': 'c'});
  const {stderr} = await rig.run('run');
  expect(stderr).toMatch(/store: freed 1 MB of what was longest not used \(limit 2\.5 MB\)/);
  expect(await comesBack(rig, 'a')).toBe('stale');
  expect(await comesBack(rig, 'b')).toBe('restorable');
});

test('a limit that lock files do not allow is told once, not after each run', async () => {
  const rig = rigOfLetters({DISTILL_STORE_LIMIT: '10kB'});
  rig.write({'in.txt': 'a'});
  const told = /above the limit of 10 kB, and lock files need what is there/;
  expect((await rig.run('run')).stderr).toMatch(told);
  expect((await rig.run('run', '--force')).stderr).not.toMatch(told);
  const wrong = createRig({DISTILL_STORE_LIMIT: 'plenty'});
  wrong.pipeline('a: {run: echo > a, out: [a]}');
  const {code, stderr} = await wrong.run('run');
  expect([code, stderr]).toEqual([2, expect.stringContaining('DISTILL_STORE_LIMIT')]);
});

test('old checkpoints go, those of yesterday evening stay', async () => {
  const rig = rigOfLetters();
  await writeLetter(rig, 'a');
  const folder = join(rig.root, '.pipeline/checkpoints');
  for (const [name, hours] of [
    ['old', 30],
    ['new', 12],
  ] as const) {
    mkdirSync(join(folder, name), {recursive: true});
    writeFileSync(join(folder, name, 'step'), 'x'.repeat(1000));
    const then = new Date(Date.now() - hours * 3600_000);
    for (const path of [join(folder, name, 'step'), join(folder, name)]) utimesSync(path, then, then);
  }
  expect((await gc(rig, '--max-size', '0')).removed.checkpoints).toBe(1);
  expect(readdirSync(folder)).toEqual(['new']);
});

test('for people: what was freed and what is kept', async () => {
  const rig = rigOfLetters();
  for (const letter of 'ab') await writeLetter(rig, letter);
  const {stdout, code} = await rig.run('gc', '--max-size', '0', '-n');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^would free 1 MB: 3 objects; the store has 2 MB \(limit 0 B\)\n/);
  expect(stdout).toContain(
    'kept in any case: 1 MB that lock files need, of the working tree (there is no git repository)',
  );
});

test.each([
  ['500MB', 5e8],
  ['1.5 GiB', 1.5 * 2 ** 30],
  ['10G', 1e10],
  ['0', 0],
  ['12', 12],
  ['none', Infinity],
  ['-1', null],
  ['', null],
  ['1 light year', null],
])('a size: %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});
