import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {commit, history, pipeline, project, write} from './diff-rig.ts';
import {experiment} from './fixture.ts';

const document = readFileSync(path.join(import.meta.dirname, '../../docs/reports.md'), 'utf8');
const bin = fileURLToPath(new URL('../../bin/pipeline.js', import.meta.url));

const commands = [...document.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n'));

/** A project with two commits, whose report is made by a stage. */
const prepare = async (): Promise<void> => {
  const {scores, tests} = experiment();
  write('scores.json', JSON.stringify({scores}));
  write('tests.json', JSON.stringify({tests}));
  const [, params] = /```yaml\n([^]*?)```/.exec(document)!;
  const indented = params!.trimEnd().replaceAll('\n', '\n    ');
  write(
    'pipeline.yaml',
    `version: 1\nstages:\n  report:\n    type: report\n    in: {scores: scores.json, tests: tests.json}\n    ${indented}\n`,
  );
  await history();
};

test('every command of docs/reports.md does what it says', {timeout: 400_000}, async () => {
  expect(commands.length).toBeGreaterThan(10);
  await prepare();
  for (const command of commands) {
    const [name, ...args] = command.split(' ');
    expect(name).toBe('pipeline');
    if (args.includes('--watch')) {
      const watching = execa('node', [bin, ...args], {cwd: project.root, reject: false, all: true});
      // A chunk may end in the middle of the word.
      let heard = '';
      watching.all.on('data', chunk => {
        const before = heard.includes('watching');
        heard += String(chunk);
        if (!before && heard.includes('watching')) watching.kill('SIGINT');
      });
      expect([command, (await watching).exitCode]).toEqual([command, 130]);
    } else {
      const {exitCode, stdout, stderr} = await pipeline(...args);
      // Two commits may differ; everything else has nothing to say 1 for.
      const allowed = /diff|(metrics|params) \S/.test(command) ? [0, 1] : [0];
      expect(allowed, `${command}: ${stderr}`).toContain(exitCode);
      expect(stdout, command).not.toBe('');
    }
  }
  await commit('the report');
  expect((await pipeline('diff')).exitCode).toBe(0);
});

test('the tables that it lists are those that there are', () => {
  const files = readdirSync(path.join(import.meta.dirname, '../../src/report/tables')).map(f => f.replace('.ts', ''));
  const named = new Set([...document.matchAll(/`([a-z]+(?:-[a-z]+)*(?:-\d)?)`/g)].map(([, name]) => name!));
  const between = /`(lrc-bert|distilbert)-1` to `\1-(\d)`/g;
  for (const [, paper, last] of document.matchAll(between))
    for (let n = 1; n <= Number(last); n++) named.add(`${paper}-${n}`);
  expect(files.filter(file => !named.has(file))).toEqual([]);
});
