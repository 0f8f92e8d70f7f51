import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {createColors} from 'picocolors';
import {expect, onTestFinished, test} from 'vitest';
import type {Failure, Outcome, RunEvent} from '../../src/contract/event.ts';
import type {Reason} from '../../src/contract/reason.ts';
import {createJsonReporter} from '../../src/reporters/json.ts';
import {createPlainReporter} from '../../src/reporters/plain.ts';
import {startProgress} from '../../src/reporters/progress-text.ts';
import {stageLine} from '../../src/reporters/stage-line.ts';
import {createTerminalReporter} from '../../src/reporters/terminal.ts';
import {createScreen} from './screen.ts';

const colors = createColors(false);

const settled = (
  id: string,
  outcome: Outcome,
  more: {reasons?: Reason[]; failure?: Failure; seconds?: number} = {},
): RunEvent => ({
  kind: 'stage-settled',
  id,
  stage: id,
  axis: {},
  outcome,
  reasons: more.reasons ?? [],
  seconds: more.seconds ?? 1.5,
  ...(more.failure ? {failure: more.failure} : {}),
});

const finished = (counts: Partial<Record<Outcome, number>>, interrupted = false): RunEvent => ({
  kind: 'run-finished',
  counts: {ran: 0, restored: 0, fresh: 0, failed: 0, skipped: 0, ...counts},
  seconds: 0.11,
  interrupted,
});

const plain = (events: readonly RunEvent[], now?: () => number): {progress: string[]; result: string[]} => {
  const progress: string[] = [];
  const result: string[] = [];
  const reporter = createPlainReporter({
    progress: line => progress.push(line),
    result: line => result.push(line),
    colors,
    ...(now ? {now} : {}),
  });
  for (const event of events) reporter.report(event);
  reporter.close();
  return {progress: progress.map(line => line.replace(/ {2,}/g, '  ')), result};
};

test.each<[Partial<Record<Outcome, number>>, boolean, string]>([
  [{fresh: 42}, false, 'nothing to do: 42 stages fresh (0.11 s)'],
  [{fresh: 1}, false, 'nothing to do: 1 stage fresh (0.11 s)'],
  [{ran: 2, restored: 1, fresh: 3}, false, 'done: 2 ran, 1 restored, 3 fresh (0.11 s)'],
  [{failed: 1, skipped: 4, fresh: 2}, false, 'failed: 1 failed, 4 skipped, 2 fresh (0.11 s)'],
  [{failed: 1, skipped: 4}, true, 'interrupted: 1 unfinished, 4 skipped (0.11 s)'],
])('the summary of %j', (counts, interrupted, line) => {
  expect(plain([finished(counts, interrupted)]).result).toEqual([line]);
});

test('settled stages leave a line, fresh ones none', () => {
  const epochs: Reason = {kind: 'param-changed', key: 'epochs', was: 3, now: 5};
  const {progress} = plain([
    settled('clean', 'fresh'),
    settled('train@seed=1', 'ran', {reasons: [epochs], seconds: 12.34}),
    settled('idf', 'restored', {seconds: 0.1}),
  ]);
  expect(progress).toEqual(['✓ train@seed=1  ran  12.3 s  (params.epochs 3 → 5)', '↺ idf  restored  0.10 s']);
});

test('what was skipped is one line, counted by stage', () => {
  const skip = (stage: string, seed: number): RunEvent => ({
    ...(settled(`${stage}@seed=${seed}`, 'skipped') as Extract<RunEvent, {kind: 'stage-settled'}>),
    stage,
  });
  const events = [skip('plain', 1), skip('plain', 2), skip('report', 1), finished({failed: 1, skipped: 3})];
  expect(plain(events).progress[0]).toBe('– skipped: plain × 2, report');
});

test('lines are aligned to the longest id of what is not fresh', () => {
  const id = 'ltd-frozen@task=sts-b,labels=all,seed=5';
  const lines: string[] = [];
  const reporter = createPlainReporter({progress: line => lines.push(line), result() {}, colors});
  reporter.report({kind: 'run-started', total: 2, jobs: 1, idWidth: id.length});
  reporter.report(settled(id, 'ran'));
  reporter.report(settled('idf', 'ran'));
  expect(lines[1]?.indexOf('ran')).toBe(lines[0]?.indexOf('ran'));
  expect(lines[0]).toContain(`${id}  ran`);
});

test('many reasons are the first and a count, two are both', () => {
  const code = (key: string): Reason => ({kind: 'code-changed', key, was: 'x', now: 'y'});
  const reasons = [code('src/math/random.ts'), code('b.ts'), code('c.ts')];
  expect(plain([settled('a', 'ran', {reasons})]).progress[0]).toContain('(code src/math/random.ts changed and 2 more)');
  expect(plain([settled('a', 'ran', {reasons: reasons.slice(0, 2)})]).progress[0]).toContain(
    '(code src/math/random.ts changed, code b.ts changed)',
  );
});

test.each<[Reason, string]>([
  [{kind: 'first-run'}, 'first run'],
  [{kind: 'command-changed', key: 'run', was: 'a', now: 'b'}, 'command changed'],
  [{kind: 'command-changed', key: 'type', was: 'a', now: 'b'}, 'type a → b'],
  [{kind: 'param-changed', key: 'a.b', was: undefined, now: [1]}, 'params.a.b unset → [1]'],
  [{kind: 'env-changed', key: 'LANG', was: null, now: 'C'}, 'env LANG unset → C'],
  [{kind: 'input-changed', key: 'in.txt', was: 'x', now: 'y'}, 'input in.txt changed'],
  [{kind: 'input-changed', key: 'in.txt', was: null, now: 'y'}, 'input in.txt added'],
  [{kind: 'code-changed', key: 'src/x.ts', was: 'x', now: null}, 'code src/x.ts removed'],
  [{kind: 'package-changed', key: 'zod', was: '4.0.0', now: '4.1.0'}, 'package zod 4.0.0 → 4.1.0'],
  [{kind: 'engine-changed', key: 'backend', was: 'jit', now: 'node'}, 'engine backend jit → node'],
  [{kind: 'output-missing', key: 'a'}, 'output a missing'],
  [{kind: 'output-edited', key: 'a'}, 'output a edited by hand'],
  [{kind: 'forced'}, 'forced'],
  [{kind: 'always'}, 'runs each time'],
])('the words for %j', (reason, words) => {
  expect(plain([settled('a', 'ran', {reasons: [reason]})]).progress[0]).toContain(`(${words})`);
});

test.each<[Failure, string]>([
  [{kind: 'exit-code', code: 3, logFile: '/nowhere'}, 'exit code 3'],
  [{kind: 'signal', signal: 'SIGKILL', logFile: '/nowhere'}, 'ran out of memory'],
  [{kind: 'timed-out', minutes: 2, logFile: '/nowhere'}, 'stopped after 2 min'],
  [{kind: 'output-not-written', outputs: ['a', 'b'], logFile: '/nowhere'}, 'without writing a, b'],
  [{kind: 'exit-code', code: 1, logFile: '/nowhere', diskFull: true}, 'The disk is full'],
  [{kind: 'signal', signal: 'SIGBUS', logFile: '/nowhere', diskFull: true}, 'The disk is full'],
  [{kind: 'could-not-start', message: 'ENOSPC: no space left on device, mkdir'}, 'The disk is full'],
  [{kind: 'input-missing', path: 'in.txt'}, 'input in.txt does not exist'],
  [{kind: 'input-missing', path: '/glue', var: 'data.glue'}, '--set data.glue=PATH'],
  [{kind: 'input-changed-while-running', path: 'in.txt'}, 'changed while the stage was running'],
  [{kind: 'could-not-start', message: 'spawn sh ENOENT'}, 'spawn sh ENOENT'],
  [{kind: 'could-not-save', message: 'ENOSPC'}, 'free space'],
  [{kind: 'interrupted'}, 'interrupted'],
])('the words for %j', (failure, words) => {
  expect(plain([settled('a', 'failed', {failure})]).progress.join('\n')).toContain(words);
});

test('a failed stage shows the last 20 lines of its log, of redrawn lines the last state', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reporters-'));
  onTestFinished(() => rmSync(folder, {recursive: true}));
  const logFile = join(folder, 'a.log');
  writeFileSync(
    logFile,
    `${Array.from({length: 24}, (_, index) => `line ${index + 1}`).join('\n')}\n10 %\r50 %\r100 %\n`,
  );
  const {progress} = plain([settled('a', 'failed', {failure: {kind: 'exit-code', code: 1, logFile}})]);
  expect(progress).toHaveLength(22);
  expect(progress[1]).toContain(`last 20 of 25 log lines, `);
  expect(progress[2]?.trim()).toBe('line 6');
  expect(progress.at(-1)?.trim()).toBe('100 %');
});

test('plain progress: now and then a line, with rate and time left', () => {
  let time = 0;
  const at = (ms: number, done: number): RunEvent => {
    atTimes.push(ms);
    return {kind: 'stage-progress', id: 'train', progress: {done, total: 1000, unit: 'step', loss: 0.123456}};
  };
  const atTimes: number[] = [];
  const events = [at(1000, 100), at(2000, 110), at(41_000, 500)];
  const progress: string[] = [];
  const reporter = createPlainReporter({progress: line => progress.push(line), result() {}, colors, now: () => time});
  reporter.report({kind: 'stage-started', id: 'train', stage: 'train', axis: {}, reasons: []});
  events.forEach((event, index) => {
    time = atTimes[index] ?? 0;
    reporter.report(event);
  });
  expect(progress).toHaveLength(2);
  // 400 steps in 40 s after the first report; 500 are left.
  expect(progress[1]).toContain('500/1000 step  loss 0.1235  10.0 step/s  50 s left');
});

test('json: exactly the fields of the contract, one line a settled stage', () => {
  const lines: string[] = [];
  const reporter = createJsonReporter(text => lines.push(text));
  reporter.report({kind: 'run-started', total: 1, jobs: 1});
  reporter.report({
    kind: 'stage-settled',
    id: 'idf@seed=1',
    stage: 'idf',
    axis: {seed: '1'},
    outcome: 'ran',
    reasons: [{kind: 'param-changed', key: 'minLength', was: 3, now: 4}],
    seconds: 1.2,
    usage: {seconds: 1.1},
  });
  reporter.report(finished({ran: 1}));
  expect(lines).toEqual([
    '{"stage":"idf","axis":{"seed":"1"},"outcome":"ran","reasons":[{"kind":"param-changed","key":"minLength","was":3,"now":4}],"seconds":1.2}\n',
  ]);
});

test('terminal: a live line a stage and one for all, in the end only what stays', () => {
  const screen = createScreen(100, 12);
  const result: string[] = [];
  const reporter = createTerminalReporter({stream: screen, result: line => result.push(line), colors});
  reporter.report({kind: 'run-started', total: 3, jobs: 2});
  reporter.report(settled('clean', 'fresh'));
  reporter.report({kind: 'stage-started', id: 'idf', stage: 'idf', axis: {}, reasons: []});
  expect(screen.lines()[0]).toMatch(/^▸ idf /);
  expect(screen.lines()[1]).toMatch(/^\[1\/3\] {2}1 fresh {2}/);
  reporter.report({kind: 'warning', message: 'objects damaged'});
  reporter.report(settled('idf', 'ran'));
  reporter.report(settled('report', 'failed', {failure: {kind: 'exit-code', code: 1, logFile: '/nowhere'}}));
  reporter.report(finished({ran: 1, fresh: 1, failed: 1}));
  reporter.close();
  expect(screen.lines().map(line => line.replace(/ {2,}/g, '  '))).toEqual([
    'warning: objects damaged',
    '✓ idf  ran  1.50 s',
    '✗ report  failed  1.50 s  exit code 1',
    '  (the log is empty: /nowhere)',
    'What has finished is kept. Correct the cause, then `pipeline run` goes on from there.',
    '',
  ]);
  expect(result).toEqual(['failed: 1 failed, 1 ran, 1 fresh (0.11 s)']);
  expect(screen.isCursorVisible()).toBe(true);
});

test('terminal: many running stages leave room for the line of the whole run', async () => {
  const screen = createScreen(60, 8);
  const reporter = createTerminalReporter({stream: screen, result() {}, colors});
  reporter.report({kind: 'run-started', total: 20, jobs: 20});
  for (let seed = 0; seed < 20; seed++) {
    const id = `train@seed=${seed}`;
    reporter.report({kind: 'stage-started', id, stage: 'train', axis: {seed: String(seed)}, reasons: []});
  }
  reporter.report({kind: 'stage-waiting', id: 'other', holderPid: 77});
  await wait(300); // until it has been drawn again
  expect(screen.lines()).toHaveLength(6);
  expect(screen.lines().at(-2)).toBe('  and 17 more');
  expect(screen.lines().at(-1)).toMatch(/^\[0\/20\]/);
  reporter.close();
  expect(screen.lines()).toEqual(['']);
});

// Wide: everything. Narrower: first half of the bar goes, then the rate, the loss, the bar; the seed at the end stays.
test.each([
  [
    120,
    '▸ fine-tune@task=topic,labels=1000,seed=3  ━━━━━━━━────────  500/1000 step  loss 0.1235  10.0 step/s  50 s left',
  ],
  [110, '▸ fine-tune@task=topic,labels=1000,seed=3  ━━━━────  500/1000 step  loss 0.1235  10.0 step/s  50 s left'],
  [96, '▸ fine-tune@task=topic,labels=1000,seed=3  ━━━━────  500/1000 step  loss 0.1235  50 s left'],
  [70, '▸ fine-tune@task=…els=1000,seed=3  ━━━━────  500/1000 step  50 s left'],
  [50, '▸ fine-tune@t…000,seed=3  500/1000 step  50 s left'],
  [36, '▸ fine-tun…,seed=3  50 s left'],
])('a running stage in %i columns', (columns, expected) => {
  const state = startProgress(0, undefined);
  state.update({done: 100, total: 1000, unit: 'step'}, 1000);
  state.update({done: 500, total: 1000, unit: 'step', loss: 0.123456}, 41_000);
  const id = 'fine-tune@task=topic,labels=1000,seed=3';
  const line = stageLine({id, state, nowMs: 41_000, nameWidth: id.length, columns, colors});
  expect(line).toBe(expected);
  expect(line.length).toBeLessThanOrEqual(columns);
});

test('terminal: the time left of the whole run, by what everything took last time and what is done of it', () => {
  const screen = createScreen(100, 12);
  const reporter = createTerminalReporter({stream: screen, result() {}, colors});
  const secondsOf = new Map([
    ['a', 30],
    ['b', 60],
    ['c', 10],
  ]);
  reporter.report({kind: 'run-started', total: 4, jobs: 2, expected: {wallSeconds: 50, secondsOf}});
  reporter.report({kind: 'stage-started', id: 'b', stage: 'b', axis: {}, reasons: [], expectedSeconds: 60});
  reporter.report({kind: 'stage-progress', id: 'b', progress: {done: 1, total: 2, unit: 'step'}});
  reporter.report(settled('a', 'fresh'));
  // Of 100 seconds of work 30 are done, and 30 of b: 40 of 100 are left, of 50 seconds by the clock 20.
  reporter.report({kind: 'stage-started', id: 'x', stage: 'x', axis: {}, reasons: []});
  reporter.report({kind: 'warning', message: 'draws again'});
  expect(screen.lines().at(-1)).toBe('[1/4]  1 fresh  0 s, about 20 s left');
  reporter.close();
});

test('terminal: a settled stage does not stand twice', () => {
  const screen = createScreen(80, 12);
  const reporter = createTerminalReporter({stream: screen, result() {}, colors});
  reporter.report({kind: 'run-started', total: 2, jobs: 2});
  for (const id of ['a', 'b']) reporter.report({kind: 'stage-started', id, stage: id, axis: {}, reasons: []});
  reporter.report(settled('a', 'ran'));
  expect(screen.lines().filter(line => /\ba\b/.test(line))).toEqual([expect.stringMatching(/^✓ a .*ran/)]);
  expect(screen.lines().some(line => /^▸ b/.test(line))).toBe(true);
  reporter.close();
});
