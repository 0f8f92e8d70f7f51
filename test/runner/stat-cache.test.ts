import {mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {signatureOf} from '../../src/runner/state/signature.ts';
import {StatCache} from '../../src/runner/state/stat-cache.ts';
import {hashText} from '../../src/runner/state/hash-file.ts';
import {mayMount, mount} from './mount.ts';

const scratch = (): ((name: string) => string) => {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'distill-stats-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return name => path.join(folder, name);
};

const signature = (file: string): string => signatureOf(statSync(file, {bigint: true}));

test('a file that is written again within one tick of the clock is hashed again, now and in the next run', ({skip}) => {
  const file = scratch();
  // Newer kernels give some file systems a fine clock, with which the race cannot be made.
  if (mayMount) mount('ramfs', file('coarse'));
  const input = file(mayMount ? 'coarse/in.txt' : 'in.txt');
  let seen = 0;
  // A coarse one stands still for milliseconds: most attempts fall within one of its ticks.
  for (let attempt = 0; attempt < 2000 && seen < 20; attempt++) {
    const cache = new StatCache(file('stats'));
    writeFileSync(input, 'a');
    const before = signature(input);
    expect(cache.hash(input)).toBe(hashText('a'));
    cache.save();
    writeFileSync(input, 'b');
    if (signature(input) !== before) continue;
    // Size, inode, mtime and ctime are the same: nothing but its youth tells that it may have changed.
    seen++;
    expect(cache.hash(input)).toBe(hashText('b'));
    expect(new StatCache(file('stats')).hash(input)).toBe(hashText('b'));
  }
  if (seen === 0) skip('the clock of this file system is too fine for two writes in one tick');
});

test('a file that has been still for a while is not read again', async () => {
  const file = scratch();
  writeFileSync(file('in.txt'), 'a');
  await new Promise(resolve => setTimeout(resolve, 60));
  const cache = new StatCache(file('stats'));
  cache.hash(file('in.txt'));
  cache.save();
  const {digest, entries} = {digest: 'f'.repeat(64), entries: file('stats')};
  // With another digest put into it, the cache tells what it remembers and what it has read.
  const remembered = new StatCache(entries);
  remembered.remember(file('in.txt'), digest, BigInt(Date.now()) * 1_000_000n);
  remembered.save();
  expect(new StatCache(entries).hash(file('in.txt'))).toBe(digest);
  // A new mtime is enough to read it again, whatever the content.
  utimesSync(file('in.txt'), 1, 1);
  expect(new StatCache(entries).hash(file('in.txt'))).toBe(hashText('a'));
});

test('links in folders are not followed: a loop of them is a folder like any other', () => {
  const file = scratch();
  mkdirSync(file('data/deep'), {recursive: true});
  symlinkSync('..', file('data/deep/up'));
  symlinkSync('self', file('data/self'));
  const cache = new StatCache(file('stats'));
  expect(cache.hash(file('data'))).toMatch(/^[0-9a-f]{64}t$/);
  expect(cache.hash(file('data/self'))).toBeNull();
  const before = cache.hash(file('data'));
  rmSync(file('data/self'));
  symlinkSync('other', file('data/self'));
  expect(cache.hash(file('data'))).not.toBe(before);
});

test('in an input, what links lead out to is read: files, folders, and loops between folders', () => {
  const file = scratch();
  for (const folder of ['data', 'store/deep', 'other']) mkdirSync(file(folder), {recursive: true});
  writeFileSync(file('store/big.txt'), '1');
  writeFileSync(file('store/deep/small.txt'), '1');
  symlinkSync('../store/big.txt', file('data/big.txt'));
  symlinkSync('../store', file('data/store'));
  symlinkSync('../../other', file('store/deep/other'));
  symlinkSync('../store', file('other/back'));
  symlinkSync('../data', file('other/again'));
  symlinkSync('..', file('data/above'));
  symlinkSync('nowhere', file('data/dangling'));
  const cache = new StatCache(file('stats'));
  const input = () => cache.hash(file('data'), undefined, 'follow-out');
  const paths = cache.tree(file('data'), undefined, 'follow-out').map(({kind, path}) => `${kind} ${path}`);
  expect(paths).toEqual([
    'link above',
    'file big.txt',
    'link dangling',
    'folder store',
    'file store/big.txt',
    'folder store/deep',
    'folder store/deep/other',
    'link store/deep/other/again',
    'link store/deep/other/back',
    'file store/deep/small.txt',
  ]);
  const hashes = [input()];
  for (const edited of ['store/big.txt', 'store/deep/small.txt', 'other/new.txt']) {
    const kept = cache.hash(file('data'));
    writeFileSync(file(edited), 'another text');
    hashes.push(input());
    expect(cache.hash(file('data'))).toBe(kept);
  }
  rmSync(file('store/big.txt'));
  hashes.push(input());
  expect(new Set(hashes).size).toBe(5);
});
