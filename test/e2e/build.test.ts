import {execFile} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect, onTestFinished, test} from 'vitest';

const builder = pathToFileURL(join(import.meta.dirname, '../../bin/build.js')).href;

interface Package {
  readonly root: string;
  write(path: string, text: string): void;
  /** Builds, then runs the built command; what it printed. */
  buildAndRun(options?: {uid?: number}): Promise<{code: number; stdout: string; stderr: string}>;
}

/** A package of three modules in a scratch folder, built by the real bin/build.js. */
const createPackage = (): Package => {
  const root = mkdtempSync(join(tmpdir(), 'build-'));
  chmodSync(root, 0o755);
  onTestFinished(() => {
    rmSync(root, {recursive: true, force: true});
  });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), {recursive: true});
    writeFileSync(join(root, path), text);
  };
  write('package.json', '{"name": "small", "type": "module", "dependencies": {}}');
  write('src/word.ts', `export const word: string = 'first';\n`);
  write('src/lazy.ts', `export {word} from './word.ts';\n`);
  write('src/cli.ts', `const {word} = await import('./lazy.ts');\nconsole.log(word);\n`);
  const script = `
    const {ensureBuilt} = await import(${JSON.stringify(builder)});
    await ensureBuilt(${JSON.stringify(root)});
    await import(${JSON.stringify(pathToFileURL(join(root, 'dist/cli/cli.js')).href)});
  `;
  const buildAndRun = (options: {uid?: number} = {}) =>
    new Promise<{code: number; stdout: string; stderr: string}>(resolve => {
      execFile(
        process.execPath,
        ['--input-type=module', '--eval', script],
        {cwd: root, ...options},
        (error, stdout, stderr) => resolve({code: error === null ? 0 : 1, stdout, stderr}),
      );
    });
  return {root, write, buildAndRun};
};

const leftovers = (root: string): string[] => readdirSync(join(root, 'dist')).filter(name => name.startsWith('.'));

test('builds modules and the bundled command, and only when a source has changed', async () => {
  const small = createPackage();
  expect((await small.buildAndRun()).stdout).toBe('first\n');
  expect(readFileSync(join(small.root, 'dist/src/lazy.js'), 'utf8')).toContain('./word.js');
  const before = statSync(join(small.root, 'dist/stamp')).mtimeMs;
  expect((await small.buildAndRun()).stdout).toBe('first\n');
  expect(statSync(join(small.root, 'dist/stamp')).mtimeMs).toBe(before);
  small.write('src/word.ts', `export const word: string = 'another';\n`);
  expect((await small.buildAndRun()).stdout).toBe('another\n');
  expect(leftovers(small.root)).toEqual([]);
});

test('what belonged to a deleted source goes, chunks that a running command may still need stay', async () => {
  const small = createPackage();
  small.write('src/gone.ts', 'export const gone = 1;\n');
  await small.buildAndRun();
  const chunks = readdirSync(join(small.root, 'dist/cli'));
  rmSync(join(small.root, 'src/gone.ts'));
  small.write('src/word.ts', `export const word = 'second';\n`);
  await small.buildAndRun();
  expect(existsSync(join(small.root, 'dist/src/gone.js'))).toBe(false);
  expect(readdirSync(join(small.root, 'dist/cli'))).toEqual(expect.arrayContaining(chunks));
});

test('several processes at once build and run', async () => {
  const small = createPackage();
  const results = await Promise.all(Array.from({length: 4}, () => small.buildAndRun()));
  expect(results.map(({stdout, stderr}) => stdout + stderr)).toEqual(Array(4).fill('first\n'));
  expect(leftovers(small.root)).toEqual([]);
});

test('a source that does not compile leaves the last build alone', async () => {
  const small = createPackage();
  await small.buildAndRun();
  small.write('src/word.ts', 'export const word = ;\n');
  const broken = await small.buildAndRun();
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('src/word.ts');
  expect(readFileSync(join(small.root, 'dist/src/word.js'), 'utf8')).toContain('first');
  expect(leftovers(small.root)).toEqual([]);
});

test('a read-only installation runs what was built before, and says what to do where nothing was', async () => {
  const small = createPackage();
  // Root may write everywhere, so that the tests of a container run this one as nobody.
  const user = process.getuid?.() === 0 ? {uid: 65534} : {};
  chmodSync(small.root, 0o555);
  const unbuilt = await small.buildAndRun(user);
  chmodSync(small.root, 0o755);
  expect(unbuilt.stderr).toMatch(/cannot write .*dist.*run `pipeline --version` once/);
  await small.buildAndRun();
  small.write('src/word.ts', `export const word = 'not seen';\n`);
  chmodSync(join(small.root, 'dist'), 0o555);
  expect((await small.buildAndRun(user)).stdout).toBe('first\n');
  chmodSync(join(small.root, 'dist'), 0o755);
});
