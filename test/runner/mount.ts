import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';

/** `ramfs` has a coarse clock on every kernel, `tmpfs` a size. */
type Kind = 'ramfs' | 'tmpfs';

/** Mounts a file system in memory until the end of the test; a test asks `mayMount` first. */
export const mount = (kind: Kind, folder: string, size = '1m'): void => {
  mkdirSync(folder, {recursive: true});
  execFileSync('mount', ['-t', kind, ...(kind === 'tmpfs' ? ['-o', `size=${size}`] : []), kind, folder], {
    stdio: 'ignore',
  });
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
};

/** Mounting takes a privilege, and Linux. */
export const mayMount = ((): boolean => {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'distill-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], {stdio: 'ignore'});
    execFileSync('umount', [folder], {stdio: 'ignore'});
    return true;
  } catch {
    console.warn('this user may not mount a file system: some tests are skipped or find less');
    return false;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
})();
