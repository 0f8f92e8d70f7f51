import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

const rigWithTwo = (): Rig => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n'});
  rig.pipeline(`
    one: {run: cp in.txt out/one.txt, in: [in.txt], params: {unit: word}, out: [out/one.txt]}
    two:
      run: cp out/one.txt out/\${seed}.txt
      matrix: {seed: [1, 2]}
      in: ["@one"]
      out: ["out/\${seed}.txt"]
  `);
  return rig;
};

test('run --json: a line for each stage when it is settled, in the fixed shape', async () => {
  const rig = rigWithTwo();
  const first = await rig.run('run', '--json');
  expect(first.rows.map(row => Object.keys(row))).toEqual(
    Array(3).fill(['stage', 'axis', 'outcome', 'reasons', 'seconds']),
  );
  expect(first.rows[0]).toMatchObject({stage: 'one', axis: {}, outcome: 'ran', reasons: [{kind: 'first-run'}]});
  expect(
    first.rows
      .slice(1)
      .map(({axis}) => axis.seed)
      .sort(),
  ).toEqual(['1', '2']);
  expect(first.rows.every(({seconds}) => typeof seconds === 'number' && seconds >= 0)).toBe(true);
  const second = await rig.run('run', '--json');
  expect(second.code).toBe(0);
  expect(second.rows.map(({outcome, reasons}) => ({outcome, reasons}))).toEqual(
    Array(3).fill({outcome: 'fresh', reasons: []}),
  );
});

test('run: what happened on stderr, the summary on stdout, no escape sequences in a pipe', async () => {
  const rig = rigWithTwo();
  const first = await rig.run('run');
  expect(first.stderr).toContain('✓ two@seed=1');
  expect(first.stdout).toMatch(/^done: 3 ran \(.* s\)\n$/);
  const second = await rig.run('run');
  expect(second.stdout).toMatch(/^nothing to do: 3 stages fresh \(.* s\)\n$/);
  expect(second.stderr).toBe('');
  expect(first.stderr + first.stdout).not.toContain('\u001b');
});

test('run of one stage: only it and what it needs; --single, --downstream, --force', async () => {
  const rig = rigWithTwo();
  expect(await rig.outcomes('one')).toEqual({one: 'ran'});
  expect(await rig.outcomes('two@seed=2')).toEqual({one: 'fresh', 'two@seed=2': 'ran'});
  expect(await rig.outcomes('two@seed=2', '--single', '--force')).toEqual({'two@seed=2': 'ran'});
  expect(await rig.outcomes('one', '--downstream')).toEqual({one: 'fresh', 'two@seed=1': 'ran', 'two@seed=2': 'fresh'});
});

test('run --dry-run tells what a run would do and does nothing', async () => {
  const rig = rigWithTwo();
  const plan = await rig.run('run', '--dry-run');
  expect(plan.code).toBe(0);
  expect(plan.stdout).toMatch(/one\s+will run\s+first run/);
  expect(rig.exists('out')).toBe(false);
  expect((await rig.run('run', '--dry-run', '--json')).rows[0]).toMatchObject({
    stage: 'one',
    axis: {},
    outcome: 'stale',
  });
});

test('status: exit code 1 and the records of a run until all is fresh', async () => {
  const rig = rigWithTwo();
  expect((await rig.run('status')).code).toBe(1);
  await rig.outcomes();
  const fresh = await rig.run('status');
  expect([fresh.code, fresh.stdout]).toEqual([0, 'all fresh: 3 stages\n']);
  rig.write({'in.txt': 'b\n'});
  const stale = await rig.run('status', '--json');
  expect(stale.code).toBe(1);
  expect(stale.rows.map(({stage, outcome}) => [stage, outcome])).toEqual([
    ['one', 'stale'],
    ['two', 'may-run'],
    ['two', 'may-run'],
  ]);
  rig.write({'in.txt': 'a\n'});
  rig.remove('out/one.txt');
  expect((await rig.run('status', '--json')).rows[0]).toMatchObject({stage: 'one', outcome: 'restorable'});
});

test('why: each item of the key, the changed ones marked', async () => {
  const rig = rigWithTwo();
  await rig.outcomes();
  expect((await rig.run('why', 'one')).stdout).toMatch(/^one {2}fresh\n/);
  rig.write({'pipeline.yaml': rig.read('pipeline.yaml').replace('unit: word', 'unit: line')});
  const {stdout, code} = await rig.run('why', 'one');
  expect(code).toBe(0);
  expect(stdout).toMatch(/\* unit\s+word → line/);
  expect(stdout).toMatch(/in\.txt/);
});

test('graph: mermaid, dot and json', async () => {
  const rig = rigWithTwo();
  expect((await rig.run('graph')).stdout).toBe('flowchart LR\n  s0["one"]\n  s1["two<br/>× 2"]\n  s0 --> s1\n');
  expect((await rig.run('graph', '--format', 'dot')).stdout).toContain('"one" -> "two";');
  const json = JSON.parse((await rig.run('graph', '--format', 'json')).stdout) as {instances: {id: string}[]};
  expect(json.instances.map(({id}) => id)).toEqual(['one', 'two@seed=1', 'two@seed=2']);
});

test('init writes a pipeline that works, and never over another', async () => {
  const rig = createRig();
  expect((await rig.run('init')).code).toBe(0);
  expect(await rig.changed()).toEqual({words: 'ran', longest: 'ran'});
  expect(rig.read('artifacts/longest.txt')).toBe('fewer\nlearns\nreads\nstudent\nteacher\nwhat\nwords\nwrote\n');
  expect(await rig.changed()).toEqual({});
  const again = await rig.run('init');
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('pipeline.yaml');
});

test('--set and --profile change vars', async () => {
  const rig = createRig();
  rig.write({
    'pipeline.yaml': `
version: 1
vars: {word: one}
profiles: {loud: {word: ONE}}
stages:
  say: {run: "echo \${word} > say.txt", out: [say.txt]}
`,
  });
  await rig.outcomes();
  expect(await rig.changed('--set', 'word=two')).toEqual({say: 'ran'});
  expect(rig.read('say.txt')).toBe('two\n');
  expect((await rig.run('status', '--profile', 'loud', '--json')).rows[0]).toMatchObject({
    stage: 'say',
    outcome: 'stale',
  });
});

test('schema: every key that it knows is one that the command takes', async () => {
  const rig = createRig();
  const {stdout, code} = await rig.run('schema');
  expect(code).toBe(0);
  const {properties} = JSON.parse(stdout) as {
    properties: {stages: {additionalProperties: {properties: Record<string, {examples: [unknown]}>}}};
  };
  const examples = Object.entries(properties.stages.additionalProperties.properties).map(([key, {examples}]) => [
    key,
    examples[0],
  ]);
  const {type: _type, ...stage} = Object.fromEntries(examples) as Record<string, unknown>;
  rig.write({
    'pipeline.yaml': JSON.stringify({version: 1, name: 'all', vars: {}, profiles: {}, stages: {words: stage}}),
  });
  const status = await rig.run('status', '--json');
  expect([status.stderr, status.code]).toEqual(['', 1]);
});

test('--version and --help', async () => {
  const rig = createRig();
  const {version} = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string;
  };
  expect((await rig.run('--version')).stdout).toBe(`${version}\n`);
  const help = await rig.run('--help');
  expect(help.code).toBe(0);
  for (const name of ['run', 'status', 'why', 'graph', 'logs', 'doctor', 'schema', 'diff', 'init']) {
    expect(help.stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  }
});

test('doctor tells of the backend that every machine has', async () => {
  const {stdout} = await createRig().run('doctor', '--json');
  const checks = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as {name: string; state: string});
  expect(checks.find(({name}) => name === 'engine jit')?.state).toBe('ok');
  expect(checks.find(({name}) => name === 'Node')?.state).toBe('ok');
});

test('run --dry-run ends as the run would where an input is missing: exit code 1', async () => {
  const rig = createRig();
  rig.pipeline(`
    a: {run: cp in.txt a.out, in: [in.txt], out: [a.out]}
    b: {run: cp a.out b.out, in: [a.out], out: [b.out]}
  `);
  const missing = await rig.run('run', '--dry-run');
  expect(missing.code).toBe(1);
  expect(missing.stdout).toContain('missing input in.txt, read by a\n');
  expect((await rig.run('run', '--dry-run', '--json')).code).toBe(1);
  expect((await rig.run('run')).code).toBe(1);
  rig.write({'in.txt': 'x'});
  expect((await rig.run('run', '--dry-run')).code).toBe(0);
});
