import path from 'node:path';
import {expect, test} from 'vitest';
import {globSync} from 'tinyglobby';
import {globBase, globMatches, globReaches, isGlob} from '../../src/runner/config/glob.ts';
import {scratch} from './scratch.ts';

const files = ['a.txt', 'b.csv', 'd/a.txt', 'd/e/a.txt', 'd/e/f1.json', 'd/f2.json', 'x{1}.txt', 'd/[z].txt', 'ab.txt'];
const patterns = [
  '*.txt',
  '**/*.txt',
  'd/**',
  'd/*',
  '{a,b}.*',
  'd/**/f?.json',
  'd/**/f[12].json',
  'd/e/f[!2].json',
  '?(a)b.txt',
  '@(a|b).*',
  'd/{e/,}*.json',
  '+(a|b).txt',
];

// The runner expands patterns by tinyglobby: what it would match on disk must be seen as an edge before it is there.
test.each(patterns)('%s matches the files that tinyglobby finds', pattern => {
  const root = scratch(Object.fromEntries(files.map(file => [file, ''])));
  const found = globSync(pattern, {cwd: root, expandDirectories: false}).map(file => file.split(path.sep).join('/'));
  expect(files.filter(file => globMatches(pattern, file)).sort()).toEqual(found.sort());
});

test('what is a pattern, where it starts, and which folders it reaches into', () => {
  expect(['a.txt', 'a*', 'a?', '[ab]', '{a,b}', '{1..3}', '@(a)', 'a(b)', 'a{b}'].filter(isGlob)).toEqual([
    'a*',
    'a?',
    '[ab]',
    '{a,b}',
    '{1..3}',
    '@(a)',
  ]);
  expect(['*.txt', 'a/b/*.txt', 'a/**/c'].map(globBase)).toEqual(['.', 'a/b', 'a']);
  expect(globReaches('out/*/x.json', 'out/run')).toBe(true);
  expect(globReaches('out/**/*.json', 'out/a/b')).toBe(true);
  expect(globReaches('out/*.json', 'out/run')).toBe(false);
  expect(globReaches('out/**/*.json', 'out/file.csv')).toBe(false);
  expect(globReaches('out/b*/x', 'out/run')).toBe(false);
});
