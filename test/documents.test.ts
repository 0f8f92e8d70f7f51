import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';
import {describe, expect, test} from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter(f => f.endsWith('.md'))
    .map(f => `docs/${f}`),
];

const commands = [
  ...new Set(
    // These two are played through in folders of their own, by tests of their own.
    documents
      .filter(path => !['docs/commands.md', 'docs/reports.md'].includes(path))
      .flatMap(path =>
        [...read(path).matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n')),
      ),
  ),
];

/** What a reader's command is here: nothing is installed twice, and the whole experiment is planned, not run. */
const asTested: Readonly<Record<string, string | null>> = {
  'npm ci': null, // .ci/run begins with it
  'npm run check': null, // this test is part of it
  'npx pipeline run': 'npx pipeline run --dry-run',
};

describe('every command of the documents works', () => {
  test.each(commands.filter(command => asTested[command] !== null))('%s', async command => {
    const line = asTested[command] ?? command;
    const {exitCode, stderr} = await execa(line, {cwd: root, shell: true, reject: false});
    // 1 is "something is not fresh" or "something differs"; 2 would be a mistake in the document.
    expect([0, 1], stderr).toContain(exitCode);
  });
});

test('the library of the README gives what SciPy gives', async () => {
  const [, code] = /```js\n([^]*?)```/.exec(read('README.md'))!;
  // scipy 1.17.1: mannwhitneyu([1.83, .5, 1.62, 2.48], [.878, .647, .598, 2.05], alternative='greater', method='exact')
  const printed = code!.replace(/^mannWhitneyU/m, 'const r = mannWhitneyU') + '\nconsole.log(r.u, r.p);';
  const {stdout} = await execa('node', ['--input-type=module', '--eval', printed], {cwd: root});
  expect(stdout).toBe('10 0.34285714285714286');
});

test('links between documents lead somewhere', () => {
  for (const path of documents) {
    for (const [, target] of read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const folder = path.includes('/') ? 'docs' : '.';
      expect(() => readdirSync(join(root, folder, target!, '..')), `${path} → ${target}`).not.toThrow();
      const name = target!.replace(/\/$/, '').split('/').at(-1)!;
      expect(readdirSync(join(root, folder, target!.replace(/\/$/, ''), '..')), `${path} → ${target}`).toContain(name);
    }
  }
});

test('the README prints what the committed report says', () => {
  const [, block] = /<!-- report:begin -->\n([^]*)<!-- report:end -->/.exec(read('README.md'))!;
  const report = read('reports/index.md');
  const lines = block!.split('\n').filter(line => /^[>|]/.test(line));
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) expect(report).toContain(line.replace(/^> /, ''));
});
