import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import * as stats from '../../src/stats.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const copy = mkdtempSync(path.join(tmpdir(), 'stats-entry-'));
afterAll(() => rmSync(copy, {recursive: true, force: true}));

describe('bin/stats.js', () => {
  it('compiles the library where it is not compiled yet, and exports all of it', () => {
    // As after `npm ci --ignore-scripts`: sources, dependencies, no dist/.
    for (const name of ['bin', 'src', 'package.json', 'package-lock.json']) {
      cpSync(path.join(root, name), path.join(copy, name), {recursive: true});
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'dir');
    const script = `
      const stats = await import('./bin/stats.js');
      console.log(JSON.stringify([Object.keys(stats).sort(), stats.mannWhitneyU([2, 3], [1, 1]).u]));`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect(JSON.parse(printed)).toEqual([Object.keys(stats).sort(), 4]);
    expect(existsSync(path.join(copy, 'dist', 'stats.js'))).toBe(true);
  });
});
