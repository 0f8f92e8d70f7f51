import {appendFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';
import {gitIn} from './repository.ts';

const rigOfTwo = (): Rig => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n'});
  rig.pipeline(`
    one: {run: cp in.txt out/one, in: [in.txt], out: [out/one]}
    two: {run: "grep -q fail in.txt && exit 3; cp out/one out/two\${s}", matrix: {s: [1, 2]}, in: ["@one"], out: ["out/two\${s}"]}
  `);
  return rig;
};

interface Line {
  readonly at: string;
  readonly commit: string | null;
  readonly outcome: string;
  readonly seconds: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly stages: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly seconds: number;
    failure?: string;
  }[];
}
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Line);

test('each run that did something: when, of which commit, what, how long, how it ended', async () => {
  const rig = rigOfTwo();
  const git = gitIn(rig);
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  const hash = git('rev-parse', 'HEAD');
  const before = Date.now();
  await rig.outcomes();
  await rig.outcomes(); // all fresh: not written down
  rig.write({'in.txt': 'fail\n'});
  expect((await rig.run('run')).code).toBe(1);
  const [failed, first, ...more] = linesOf((await rig.run('runs', '--json')).stdout);
  expect(more).toEqual([]);
  expect(first).toMatchObject({outcome: 'done', counts: {ran: 3}, commit: hash.slice(0, 12)});
  expect(first!.stages.map(({id}) => id).sort()).toEqual(['one', 'two@s=1', 'two@s=2']);
  expect(Date.parse(first!.at)).toBeGreaterThanOrEqual(before);
  expect(first!.stages.every(({seconds}) => seconds > 0 && seconds <= first!.seconds)).toBe(true);
  expect(failed).toMatchObject({outcome: 'failed', commit: `${hash.slice(0, 12)}-dirty`});
  expect(failed!.stages.filter(({outcome}) => outcome === 'failed')[0]?.failure).toBe('exit-code');

  const {stdout} = await rig.run('runs');
  const [newest, oldest] = stdout.split('\n');
  expect(newest).toMatch(
    new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  failed  .* ${hash.slice(0, 9)}\\+ .*1 ran: one, two$`),
  );
  expect(oldest).toMatch(new RegExp(`done .* ${hash.slice(0, 9)}  .*3 ran: one, two$`));
  expect((await rig.run('runs', '-l', '1')).stdout.split('\n')).toHaveLength(2);
});

test('of one stage: each of its jobs, with what it took', async () => {
  const rig = createRig();
  rig.pipeline('busy: {run: "node -e \\"while (process.cpuUsage().user < 3e5);\\" > out", out: [out]}');
  await rig.outcomes();
  await rig.outcomes('--force');
  const jobs = (await rig.run('runs', 'busy', '--json')).stdout.trim().split('\n');
  expect(jobs).toHaveLength(2);
  const job = JSON.parse(jobs[0]!) as {id: string; cpuSeconds: number; peakMemoryMb: number; seconds: number};
  expect(job).toMatchObject({id: 'busy', outcome: 'ran'});
  // Until it has used 0.3 s of a core, however long that takes; Node takes some 40 MB.
  expect(job.seconds).toBeGreaterThan(0.25);
  expect(job.cpuSeconds).toBeGreaterThan(0.25);
  expect(job.peakMemoryMb).toBeGreaterThan(20);
  const text = (await rig.run('runs', 'busy')).stdout;
  expect(text).toMatch(/busy {2}ran {10}no commit {3}\d+\.\d+ s, CPU \d+\.\d+ s, \d+ MB\n/);
  // The same numbers where one looks for them.
  rig.pipeline('busy: {run: "true > out", out: [out]}');
  expect((await rig.run('status')).stdout).toMatch(/busy .* took \d+\.\d+ s, CPU \d+\.\d+ s, \d+ MB/);
  expect((await rig.run('why', 'busy')).stdout).toMatch(/took {5}\d+\.\d+ s, CPU \d+\.\d+ s, \d+ MB/);
  const log = JSON.parse((await rig.run('logs', 'busy', '--json')).stdout) as {cpuSeconds: number; text: string};
  expect(log.cpuSeconds).toBeGreaterThan(0.1);
});

test('an interrupted run is one', async () => {
  const rig = createRig();
  rig.pipeline('long: {run: sleep 300, out: [out]}');
  const running = rig.start('run');
  await new Promise(resolve => running.child.stderr!.once('data', resolve));
  running.child.kill('SIGINT');
  expect((await running.result).code).toBe(130);
  expect(linesOf((await rig.run('runs', '--json')).stdout)).toMatchObject([
    {outcome: 'interrupted', stages: [{id: 'long', failure: 'interrupted'}]},
  ]);
  expect((await rig.run('runs')).stdout).toContain('1 unfinished: long');
});

test('the list does not grow for ever, and a line that is cut off costs nothing but itself', async () => {
  const rig = rigOfTwo();
  await rig.outcomes();
  const file = join(rig.root, '.pipeline/runs.jsonl');
  const [line] = rig.read('.pipeline/runs.jsonl').split('\n');
  appendFileSync(file, `${`${line}\n`.repeat(Math.ceil((2.1 * 2 ** 20) / line!.length))}{"at":"2026-`);
  for (let time = 0; time < 3; time++) await rig.outcomes('--force');
  expect(statSync(file).size).toBeLessThan(10_000);
  const {stdout, code} = await rig.run('runs', '--json', '-l', '100000');
  expect(code).toBe(0);
  expect(stdout.split('\n').length).toBeGreaterThan(1000);
});

test('nothing yet', async () => {
  const rig = rigOfTwo();
  const {code, stdout, stderr} = await rig.run('runs');
  expect([code, stdout, stderr]).toEqual([0, '', 'nothing has run in this folder yet\n']);
  expect((await rig.run('runs', 'one')).stderr).toContain('one has not run');
});

test('logs: both streams as they came, a header only for people', async () => {
  const rig = createRig();
  rig.pipeline(
    'a: {run: "echo out; echo err >&2; echo again", matrix: {s: [1, 2]}, out: []}\nb: {run: "echo broken; exit 1", out: [x]}',
  );
  const failed = await rig.run('run', '-k');
  expect(failed.stderr).toMatch(/✗ b .*exit code 1\n.*log, .pipeline\/logs\/b.log:\n.*broken/);
  const one = await rig.run('logs', 'a@s=1');
  expect([one.stdout, one.stderr]).toEqual(['out\nerr\nagain\n', '']);
  const both = await rig.run('logs', 'a');
  expect(both.stdout).toBe('out\nerr\nagain\nout\nerr\nagain\n');
  expect(both.stderr).toMatch(/^==> a@s=1 \(\.pipeline\/logs\/a@s=1\.log; last good run: 0\.\d+ s.*\)\n==> a@s=2/);
  expect((await rig.run('logs', 'b')).stdout).toBe('broken\n');
});
