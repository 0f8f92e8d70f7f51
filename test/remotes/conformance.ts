import {randomBytes} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Remote} from '../../src/contract/remote.ts';
import {objectOf, scratch} from './rig.ts';

/** What every place for outputs has to keep. `create` gives one that nobody else uses. */
export const remoteConformance = (name: string, create: () => Promise<Remote>): void => {
  const {signal} = new AbortController();

  describe(`remote ${name}`, () => {
    test.each([
      ['a text', Buffer.from('some text\n')],
      ['nothing', Buffer.alloc(0)],
      ['ten megabytes of any bytes', randomBytes(10_000_000)],
    ])('gives back what it got: %s', async (_what, bytes) => {
      const remote = await create();
      const folder = scratch();
      const {file, digest} = objectOf(folder, bytes);
      expect(await remote.problem('push')).toBeNull();
      expect(await remote.has(digest, signal)).toBe(false);
      await remote.put(digest, file, signal);
      expect(await remote.has(digest, signal)).toBe(true);
      const copy = path.join(folder, 'copy');
      expect(await remote.get(digest, copy, signal)).toBe(true);
      expect(readFileSync(copy).equals(bytes)).toBe(true);
      expect(await remote.problem('pull')).toBeNull();
    });

    test('says so where there is none, and leaves nothing', async () => {
      const remote = await create();
      const folder = scratch();
      const {file, digest} = objectOf(folder, 'there');
      await remote.put(digest, file, signal);
      expect(await remote.get('0'.repeat(64), path.join(folder, 'copy'), signal)).toBe(false);
      expect(existsSync(path.join(folder, 'copy'))).toBe(false);
    });

    test('two who put the same at once both succeed', async () => {
      const remote = await create();
      const folder = scratch();
      const {file, digest} = objectOf(folder, randomBytes(100_000));
      await Promise.all(Array.from({length: 5}, () => remote.put(digest, file, signal)));
      expect(await remote.get(digest, path.join(folder, 'copy'), signal)).toBe(true);
      expect(readFileSync(path.join(folder, 'copy')).equals(readFileSync(file))).toBe(true);
    });

    test('a file that cannot be read leaves no object', async () => {
      const remote = await create();
      const folder = scratch();
      const {file, digest} = objectOf(folder, 'there');
      await remote.put(digest, file, signal);
      const other = objectOf(folder, 'not there').digest;
      await expect(remote.put(other, path.join(folder, 'no such file'), signal)).rejects.toThrow('no such file');
      expect(await remote.has(other, signal)).toBe(false);
    });
  });
};
