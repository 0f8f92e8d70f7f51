import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {experiment} from './fixture.ts';

const bin = fileURLToPath(new URL('../../bin/pipeline.js', import.meta.url));

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'report-command-'));
  const {scores, tests} = experiment();
  write('scores.json', JSON.stringify({scores}));
  write('tests.json', JSON.stringify({tests}));
  write('package.json', '{}');
  write('pipeline.yaml', pipelineFile('Small students'));
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, file)), {recursive: true});
  writeFileSync(path.join(root, file), text);
};

const pipelineFile = (title: string): string => `version: 1
stages:
  report:
    type: report
    in: {scores: scores.json, tests: tests.json}
    params: {title: ${title}, headline: {a: ltd, b: plain}, tables: [scores, comparisons, bam-1]}
`;

const pipeline = (...args: string[]) => execa('node', [bin, ...args], {cwd: root, reject: false, all: true});

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

test('the report, its tables and one self-contained page', async () => {
  const {exitCode, all} = await pipeline('report', '--html', 'page.html');
  expect(all).toContain('wrote page.html');
  expect(exitCode).toBe(0);
  expect(read('reports/index.md')).toContain('## BAM, Table 1');
  expect(read('reports/tables/bam-1.csv')).toContain('Single,published,84');
  expect(read('reports/tables/bam-1.tex')).toContain('\\toprule');
  const page = read('page.html');
  expect(page).toContain('<title>Small students</title>');
  expect(page).toContain('<td class="right"><strong>72.0</strong>*** ± 0.5</td>');
  // three pictures inside, nothing that would be loaded from elsewhere
  expect(page.match(/src="data:image\/svg\+xml;base64,/g)?.length).toBe(3);
  expect(page).not.toMatch(/<script|src="(?!data:)|href="(?!#|https?:)|@import|url\(/);
  for (const tag of ['details', 'table', 'ul', 'svg'])
    expect(page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length).toBe(page.match(new RegExp(`</${tag}>`, 'g'))?.length);
  const again = await pipeline('report', '--html', 'page.html');
  expect(again.exitCode).toBe(0);
  expect(read('page.html')).toBe(page);
});

test('--watch makes it again after an edit, and survives a mistake', {timeout: 180_000}, async () => {
  const watching = execa('node', [bin, 'report', '--watch'], {cwd: root, reject: false, all: true});
  let heard = '';
  watching.all.on('data', chunk => (heard += String(chunk)));
  const until = async (what: () => boolean): Promise<void> => {
    const deadline = Date.now() + 150_000;
    while (!what()) {
      if (Date.now() > deadline) throw new Error(`nothing more is heard after: ${heard}`);
      if (watching.exitCode !== null && watching.exitCode !== undefined) throw new Error(`ended: ${heard}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };
  const titled = (title: string) => () =>
    existsSync(path.join(root, 'reports/index.md')) && read('reports/index.md').startsWith(`# ${title}`);
  await until(titled('Small students'));
  await until(() => heard.includes('watching'));
  write('pipeline.yaml', pipelineFile('[broken'));
  await until(() => heard.includes('pipeline.yaml:'));
  write('pipeline.yaml', pipelineFile('Other words'));
  await until(titled('Other words'));
  watching.kill('SIGINT');
  expect((await watching).exitCode).toBe(130);
});

test('a pipeline without a report stage is told what to do', async () => {
  write('pipeline.yaml', 'version: 1\nstages: {words: {run: "true"}}\n');
  const {exitCode, all} = await pipeline('report');
  expect(all).toContain('pipeline.yaml has no stage of the type "report"');
  expect(exitCode).toBe(2);
});

test('before anything was run, it says what is missing and which command makes it', async () => {
  write(
    'pipeline.yaml',
    `version: 1
vars: {seeds: [1, 2]}
profiles: {smoke: {seeds: [3]}}
stages:
  evaluate: {matrix: {seed: "\${seeds}"}, run: "true", out: ["own-\${seed}.json"]}
  tests: {run: "true", out: [all.json]}
  report:
    type: report
    in: {scores: "@evaluate", tests: "@tests"}
    params: {title: Missing, headline: {a: ltd, b: plain}, tables: [scores]}
`,
  );
  const {exitCode, all} = await pipeline('report');
  expect(all).toContain(
    'not written yet: evaluate (2 files) and tests, of which own-1.json is the first.\n`pipeline run` ',
  );
  expect(exitCode).toBe(2);
  const smoke = await pipeline('report', '--profile', 'smoke');
  expect(smoke.all).toContain('own-3.json is the first.\n`pipeline run --profile smoke` makes them');
});
