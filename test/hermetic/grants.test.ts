import {mkdirSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {grants} from '../../src/runner/hermetic/grants.ts';

test('each path once, in order, and none that lies in another', () => {
  expect(grants(['/b/x.json.gz', '/b/x.json', '/a', '/a/inside', '/b/x.json', '/c/*', '/c/d'], () => true)).toEqual([
    '/a',
    '/b/x.json',
    '/b/x.json.gz',
    '/c/*',
  ]);
});

test('a folder whose name another path begins with is widened, or Node forgets the folder itself', () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'grants-')));
  onTestFinished(() => rmSync(root, {recursive: true}));
  mkdirSync(path.join(root, 'data'));
  const paths = [path.join(root, 'data-2'), path.join(root, 'data')];
  expect(grants(paths, () => true)).toEqual([path.join(root, 'data*')]);
  expect(grants(paths, () => false)).toEqual([path.join(root, 'data'), path.join(root, 'data-2')]);
});
