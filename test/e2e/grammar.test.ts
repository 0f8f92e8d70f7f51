import {existsSync} from 'node:fs';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

// Each word of pipeline.yaml does what it says when the real command reads it: run, touch one thing, run.

const reasonsOf = async (rig: Rig, ...args: string[]): Promise<unknown> => {
  const {rows} = await rig.run('status', '--json', ...args);
  return Object.fromEntries(
    rows.filter(({outcome}) => outcome !== 'fresh').map(({stage, reasons}) => [stage, reasons]),
  );
};

test('matrix with ranges and exclude; a reference takes shared axes, selects with {}, and splices lists', async () => {
  const rig = createRig();
  rig.write({
    'pipeline.yaml': `
version: 1
vars: {seeds: {range: [1, 3]}, extra: [x.txt, y.txt]}
stages:
  train:
    matrix: {method: [ltd, lrc], seed: "\${seeds}", exclude: [{method: lrc, seed: 3}]}
    run: echo \${method} \${seed} > \${params.file}
    params: {file: "out/\${method}-\${seed}.txt"}
    out: ["out/\${method}-\${seed}.txt"]
  score:
    matrix: {method: [ltd, lrc]}
    run: cat out/\${method}-*.txt > score-\${method}.txt
    in: ["@train"]
    out: ["score-\${method}.txt"]
  first: {run: cat out/*-1.txt > first.txt, in: ["@train{seed=1}"], out: [first.txt]}
  one: {run: cp out/ltd-2.txt one.txt, in: ["@train{method=ltd,seed=2}"], out: [one.txt]}
  many: {run: 'cat x.txt y.txt score-ltd.txt > many.txt', in: ["\${extra}", "@score{method=ltd}"], out: [many.txt]}
`,
    'x.txt': 'x\n',
    'y.txt': 'y\n',
  });
  const trained = ['ltd,seed=1', 'ltd,seed=2', 'ltd,seed=3', 'lrc,seed=1', 'lrc,seed=2'];
  expect(Object.keys(await rig.outcomes()).sort()).toEqual(
    [...trained.map(id => `train@method=${id}`), 'score@method=ltd', 'score@method=lrc', 'first', 'one', 'many'].sort(),
  );
  expect(rig.read('score-lrc.txt')).toBe('lrc 1\nlrc 2\n');
  expect(rig.read('many.txt')).toBe('x\ny\nltd 1\nltd 2\nltd 3\n');
  rig.write({'y.txt': 'z\n'});
  expect(await rig.changed()).toEqual({many: 'ran'});
  // Fewer values of an axis reach who reads them, and nobody else; the file of seed 3 still lies there.
  expect(await rig.changed('--set', 'seeds=[1, 2]')).toEqual({'score@method=ltd': 'ran'});
});

test('vars count only where they are used; profiles and --set override them', async () => {
  const rig = createRig();
  rig.write({
    'pipeline.yaml': `
version: 1
vars: {a: 1, b: {c: 2, d: 3}}
profiles: {large: {a: 100}}
stages:
  one: {run: 'echo \${a} > \${params.to}', params: {to: one.txt}, out: [one.txt]}
  two: {run: 'echo \${b.c} $\${HOME:+home} > two.txt', out: [two.txt]}
`,
  });
  expect(await rig.changed()).toEqual({one: 'ran', two: 'ran'});
  expect([rig.read('one.txt'), rig.read('two.txt')]).toEqual(['1\n', '2 home\n']);
  expect(await reasonsOf(rig, '--set', 'a=5')).toMatchObject({one: [{kind: 'command-changed'}]});
  expect(await rig.changed('--set', 'b.c=7', '--set', 'b.d=8')).toEqual({two: 'ran'});
  expect(rig.read('two.txt')).toBe('7 home\n');
  expect(await rig.changed()).toEqual({two: 'restored'});
  expect(await rig.outcomes('--profile', 'large')).toMatchObject({one: 'ran'});
  expect(rig.read('one.txt')).toBe('100\n');
  expect(rig.exists('pipeline.lock/pipeline-large/one.json')).toBe(true);
});

test('globs: a new file, a lost one and a renamed one count, and the list is recorded', async () => {
  const rig = createRig();
  rig.write({'data/a.txt': '1\n', 'data/deep/b.txt': '2\n', 'data/c.csv': '3\n'});
  rig.pipeline(
    'all: {run: find data -name "*.txt" | sort | xargs cat > all.out, in: ["data/**/*.txt"], out: [all.out]}',
  );
  expect(await rig.changed()).toEqual({all: 'ran'});
  const {inputs} = JSON.parse(rig.read('pipeline.lock/all.json')) as {inputs: Record<string, string>};
  expect(Object.keys(inputs)).toEqual(['data/a.txt', 'data/deep/b.txt']);
  rig.write({'data/c.csv': '4\n'});
  expect(await rig.changed()).toEqual({});
  rig.write({'data/d.txt': '5\n'});
  expect(await reasonsOf(rig)).toMatchObject({all: [{kind: 'input-changed', key: 'data/d.txt', was: null}]});
  expect(await rig.changed()).toEqual({all: 'ran'});
  rig.remove('data/d.txt');
  expect(await rig.changed()).toEqual({all: 'restored'});
  rig.remove('data/a.txt');
  rig.write({'data/e.txt': '1\n'});
  expect(await reasonsOf(rig)).toMatchObject({
    all: [
      {key: 'data/a.txt', now: null},
      {key: 'data/e.txt', was: null},
    ],
  });
});

test('env: a variable that is named counts, by its value, also when it goes away; others do not', async () => {
  const env: Record<string, string> = {RIG_A: '1', RIG_B: '1'};
  const rig = createRig(env);
  rig.pipeline('say: {run: "echo $RIG_A > say.txt", env: [RIG_A], out: [say.txt]}');
  await rig.outcomes();
  env['RIG_B'] = '2';
  expect(await rig.changed()).toEqual({});
  env['RIG_A'] = '2';
  expect(await reasonsOf(rig)).toMatchObject({say: [{kind: 'env-changed', key: 'RIG_A', was: '1', now: '2'}]});
  expect(await rig.changed()).toEqual({say: 'ran'});
  delete env['RIG_A'];
  expect(await reasonsOf(rig)).toMatchObject({say: [{kind: 'env-changed', key: 'RIG_A', was: '2', now: null}]});
});

test('frozen is never rerun, and said so; always is rerun each time, and equal output stops there', async () => {
  const rig = createRig();
  rig.write({'in.txt': '1\n', 'clock.txt': 'x\n'});
  const pipeline = (frozen: boolean): void =>
    rig.pipeline(`
      slow: {run: cp in.txt slow.txt, in: [in.txt], out: [slow.txt], frozen: ${frozen}}
      clock: {run: cp clock.txt now.txt, always: true, out: [now.txt]}
      after: {run: cat slow.txt now.txt > after.txt, in: ["@slow", "@clock"], out: [after.txt]}
    `);
  pipeline(true);
  expect(await rig.changed()).toEqual({slow: 'ran', clock: 'ran', after: 'ran'});
  expect(await rig.changed()).toEqual({clock: 'ran'});
  rig.write({'clock.txt': 'y\n'});
  expect(await rig.changed()).toEqual({clock: 'ran', after: 'ran'});
  rig.write({'in.txt': '2\n'});
  expect(await rig.changed()).toEqual({clock: 'ran'});
  expect((await rig.run('status', 'slow')).stdout).toMatch(/frozen/);
  pipeline(false);
  expect(await rig.changed()).toEqual({slow: 'ran', clock: 'ran', after: 'ran'});
});

test('retries try again, and only so often; a timeout ends the stage with all that it started', async () => {
  const rig = createRig();
  rig.pipeline(`
    third: {run: 'echo x >> tries; test $(wc -l < tries) -ge 3 && echo done > third.txt', retries: 2, out: [third.txt]}
    never: {run: 'echo x >> times; exit 1', retries: 1, out: [never.txt]}
    late: {run: 'sleep 300 & echo $! > pid; wait', timeoutMinutes: 0.1, out: [late.txt]}
  `);
  const {code, stderr, rows} = await rig.run('run', '--json', '--keep-going', '--jobs', '3');
  expect(code).toBe(1);
  expect(Object.fromEntries(rows.map(({stage, outcome}) => [stage, outcome]))).toEqual({
    third: 'ran',
    never: 'failed',
    late: 'failed',
  });
  expect([rig.read('tries'), rig.read('times')]).toEqual(['x\nx\nx\n', 'x\nx\n']);
  expect(stderr).toMatch(/late .*failed/);
  expect(existsSync(`/proc/${rig.read('pid').trim()}/cwd`)).toBe(false);
});

test('resources: what does not fit beside another waits for it', async () => {
  const rig = createRig();
  rig.pipeline(`
    each:
      matrix: {i: [1, 2, 3]}
      # Two at once would see each other's mark.
      run: 'mkdir mark; sleep 0.3; rmdir mark; touch done-\${i}'
      out: ["done-\${i}"]
      resources: {gpus: 1}
  `);
  const visible = {CUDA_VISIBLE_DEVICES: '0'};
  Object.assign(process.env, visible);
  try {
    expect(Object.values(await rig.changed('--jobs', '3'))).toEqual(['ran', 'ran', 'ran']);
  } finally {
    delete process.env['CUDA_VISIBLE_DEVICES'];
  }
});
