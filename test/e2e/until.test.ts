import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

/** a → b@seed=1,2 → c, and d beside them. */
const rigOfFour = (): Rig => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n'});
  rig.pipeline(`
    a: {run: cp in.txt out/a, in: [in.txt], out: [out/a]}
    b: {run: "cp out/a out/b\${seed}", matrix: {seed: [1, 2], kind: [plain]}, in: ["@a"], out: ["out/b\${seed}"]}
    c: {run: cat out/b1 out/b2 > out/c, in: ["@b"], out: [out/c]}
    d: {run: cp in.txt out/d, in: [in.txt], out: [out/d]}
  `);
  return rig;
};
const both = {'b@seed=1,kind=plain': 'ran', 'b@seed=2,kind=plain': 'ran'};

test('--until stops after a stage: what it needs runs, nothing else', async () => {
  const rig = rigOfFour();
  expect(await rig.outcomes('--until', 'b')).toEqual({a: 'ran', ...both});
  expect(await rig.outcomes('--until', 'b', '--force')).toEqual({a: 'ran', ...both});
  expect(await rig.changed()).toEqual({c: 'ran', d: 'ran'});
});

test('--until cuts a selection off, also a downstream one', async () => {
  const rig = rigOfFour();
  expect(await rig.outcomes('a', '--downstream', '--until', 'b@seed=2')).toEqual({
    a: 'ran',
    'b@seed=2,kind=plain': 'ran',
  });
  const none = await rig.run('run', 'd', '--until', 'b');
  expect([none.code, none.stderr]).toEqual([2, 'nothing to run: d is not needed by "b", where to stop\n']);
});

test.each([
  [['run', 'aa'], 'there is no stage "aa". Did you mean "a"?'],
  [['run', 'training'], 'there is no stage "training". Stages: a, b, c, d'],
  [['run', '--until', 'bb'], 'there is no stage "bb". Did you mean "b"?'],
  [['status', 'b@sed=1'], 'the stage "b" has no axis "sed" ("b@sed=1"). Did you mean "seed"?'],
  [['run', 'b@seed=3'], 'the axis "seed" of b has no value "3" ("b@seed=3"). Values: 1, 2'],
  [['why', 'b@kind=plian'], 'the axis "kind" of b has no value "plian" ("b@kind=plian"). Did you mean "plain"?'],
  [['logs', 'b@seed'], 'expected b@axis=value,…, such as b@seed=1,kind=plain, found "seed" in "b@seed"'],
  [['verify', 'c@seed=1'], 'expected only "c", which has no axes, found "seed=1" in "c@seed=1"'],
  [['runs', 'e'], 'there is no stage "e".'],
  [['rnu'], "unknown command 'rnu'\n(Did you mean run?)"],
  [['run', '--force', '--executor', 'loca'], 'unknown executor "loca"'],
  [['run', '--watch', '--dry-run'], '--watch runs, --dry-run does not'],
  [['gc', '--max-size', 'much'], 'Expected a size such as 500MB'],
])('%j is the mistake of who typed it', async (args, message) => {
  const {code, stderr, stdout} = await rigOfFour().run(...args);
  expect(stderr).toContain(message);
  expect([code, stdout]).toEqual([2, '']);
});

test('all that is wrong with a command line is told at once', async () => {
  const {stderr, code} = await rigOfFour().run('run', 'x1', 'b@seed=7', '--until', 'y1');
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(3);
});

test('an excluded combination is not taken for a wrong value', async () => {
  const rig = createRig();
  rig.pipeline(`
    t:
      run: "echo > out/\${a}\${b}"
      matrix: {a: [1, 2], b: [x, y], exclude: [{a: 2, b: y}]}
      out: ["out/\${a}\${b}"]
  `);
  const {stderr, code} = await rig.run('status', 't@a=2,b=y');
  expect(code).toBe(2);
  expect(stderr).toContain('"t@a=2,b=y" names no instance: this combination is excluded');
});

test('--dry-run: missing inputs, last times with a total, an estimate for so many jobs', async () => {
  const rig = createRig();
  rig.write({
    'in.txt': '',
    'pipeline.yaml': `
version: 1
vars: {folder: elsewhere}
stages:
  slow: {run: "cat in.txt; sleep 0.5; echo > out/\${n}", matrix: {n: [1, 2, 3, 4]}, in: [in.txt], out: ["out/\${n}"]}
`,
  });
  await rig.outcomes();
  rig.write({
    'in.txt': 'edited',
    'pipeline.yaml':
      rig.read('pipeline.yaml') +
      `  reads: {run: cat, in: ["\${folder}/x.txt", gone/*.txt, "@slow"], out: [out/r]}
`,
  });
  const {stdout, code} = await rig.run('run', '--dry-run', '-j', '2');
  expect(code).toBe(1); // as the run would, for what is missing
  expect(stdout).toMatch(/slow@n=1 {2}will run {4}input in\.txt changed {2}took [\d.]+ s/);
  expect(stdout).toContain(
    'missing input elsewhere/x.txt, read by reads; the path comes from the var folder: --set folder=PATH',
  );
  expect(stdout).toContain('missing input gone/*.txt, read by reads\n');
  // Four jobs of a good half second, two at a time: not five times, and not all at once.
  const [, total] = /last time these took ([\d.]+) s in all, now about \d+ s, without the 1 that never ran here/.exec(
    stdout,
  )!;
  expect(Number(total)).toBeGreaterThan(2);
  const rows = (await rig.run('run', '--dry-run', '--json')).rows as readonly {stage: string; missing?: unknown}[];
  expect(rows.find(({stage}) => stage === 'reads')?.missing).toEqual(['elsewhere/x.txt', 'gone/*.txt']);
});

test('a value with a comma or a space is selected by the id that is printed, one without by itself', async () => {
  const rig = createRig();
  rig.pipeline(`a: {run: 'echo \${m} > \${m}.txt', matrix: {m: ["c,d", "e f", g, "e%20f"]}, out: ["\${m}.txt"]}`);
  const selected = async (selection: string) => {
    const {rows, stderr} = await rig.run('run', selection, '--dry-run', '--json');
    return stderr === '' ? rows.map(({axis}) => axis) : stderr;
  };
  expect(await selected('a@m=c%2Cd')).toEqual([{m: 'c,d'}]);
  // A value that looks like another one's id means itself.
  expect(await selected('a@m=e%20f')).toEqual([{m: 'e%20f'}]);
  expect(await selected('a@m=e f')).toEqual([{m: 'e f'}]);
  expect(await selected('a@m=g')).toEqual([{m: 'g'}]);
  expect(await selected('a@m=c%2C')).toContain('has no value "c%2C"');
});
