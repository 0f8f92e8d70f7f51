import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, idOf, type Rig} from '../rig.ts';

interface Verdict {
  readonly stage: string;
  readonly axis: Readonly<Record<string, string>>;
  readonly verdict: string;
  readonly largest?: number;
  readonly differences?: readonly {readonly path: string; readonly what: string}[];
  readonly reasons?: readonly {readonly kind: string}[];
}

const verify = async (
  rig: Rig,
  ...args: string[]
): Promise<{code: number | null; rows: Readonly<Record<string, Verdict>>}> => {
  const {code, stdout, stderr} = await rig.run('verify', '--json', ...args);
  const lines = stdout.split('\n').filter(line => line !== '');
  if (lines.length === 0) throw new Error(stderr);
  const rows = lines.map(line => JSON.parse(line) as Verdict);
  return {code, rows: Object.fromEntries(rows.map(row => [idOf(row), row]))};
};

/** Every file of the project with its content, time of change and mode, but for what the runner keeps for itself. */
const stateOf = (rig: Rig): string =>
  readdirSync(rig.root, {recursive: true, encoding: 'utf8'})
    .filter(name => !name.startsWith('.pipeline/verify') && !/^\.pipeline\/(stats|tmp|code|graph|logs)/.test(name))
    .map(name => {
      const stats = statSync(join(rig.root, name));
      if (!stats.isFile()) return name;
      const hash = createHash('sha256')
        .update(readFileSync(join(rig.root, name)))
        .digest('hex');
      return `${name} ${hash} ${stats.ctimeMs} ${stats.mode}`;
    })
    .sort()
    .join('\n');

const rigOfStages = (): Rig => {
  const rig = createRig();
  rig.write({'in.txt': 'a b\n', 'lib/upper.sh': 'tr a-z A-Z'});
  rig.pipeline(`
    upper: {run: sh lib/upper.sh < in.txt > out/deep/upper, in: [in.txt], out: [out/deep/upper]}
    clock:
      run: |
        date +%N > out/clock; mkdir out/many; cp out/deep/upper out/many/same
        date +%N > out/many/other; touch out/many/$(date +%N)
      in: ["@upper"]
      out: [out/clock, out/many]
    join: {run: "cat out/clock in.txt > out/join-\${s}", matrix: {s: [1, 2]}, in: ["@clock.0", in.txt], out: ["out/join-\${s}"]}
  `);
  return rig;
};

test('what is the same, and what differs with the names of the files; the project is as it was', async () => {
  const rig = rigOfStages();
  await rig.outcomes();
  const before = stateOf(rig);
  const {code, rows} = await verify(rig);
  expect(code).toBe(1);
  expect(Object.fromEntries(Object.entries(rows).map(([id, {verdict}]) => [id, verdict]))).toEqual({
    upper: 'same',
    clock: 'differs',
    'join@s=1': 'same', // of the recorded clock, not of the new one
    'join@s=2': 'same',
  });
  const differences = Object.fromEntries(rows['clock']!.differences!.map(({path, what}) => [path, what]));
  expect(differences['out/clock']).toMatch(/^10 bytes, different from byte \d on$/);
  expect(differences).toHaveProperty('out/many/other');
  expect(differences).not.toHaveProperty('out/many/same');
  expect(Object.values(differences).filter(what => what === 'new')).toHaveLength(1);
  expect(Object.values(differences).filter(what => what === 'no longer written')).toHaveLength(1);
  expect(stateOf(rig)).toBe(before);
  expect(readdirSync(join(rig.root, '.pipeline/tmp'))).toEqual([]);
  expect(await rig.changed()).toEqual({});

  const {stdout, stderr} = await rig.run('verify', 'clock', 'upper');
  expect(stderr).toMatch(/✗ clock +differs[^]*\n {4}out\/clock +10 bytes, different/);
  expect(stdout).toMatch(/^not verified: 1 different, 1 same \(.* s\)\n$/);
  expect((await verify(rig, 'join@s=2')).code).toBe(0);
});

test('what is not fresh, failed or missing is not verified', async () => {
  const rig = rigOfStages();
  expect((await verify(rig, 'upper')).rows['upper']).toMatchObject({
    verdict: 'not-fresh',
    reasons: [{kind: 'first-run'}],
  });
  await rig.outcomes();
  // An undeclared file: the key does not know it, verify finds out.
  rig.write({'lib/upper.sh': 'echo mended >&2; exit 3'});
  const failed = await rig.run('verify', 'upper');
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/✗ upper +failed.*exit code 3\n.*\.pipeline\/verify\/upper\.log:\n.*mended/);
  rig.write({'in.txt': 'c\n'});
  const {code, rows} = await verify(rig);
  expect(code).toBe(1);
  expect(rows['upper']).toMatchObject({verdict: 'not-fresh', reasons: [{kind: 'input-changed'}]});
  expect(rows['clock']?.verdict).toBe('not-fresh');
});

test('inputs that somebody edited or deleted are taken from the store, and left as they are', async () => {
  const rig = rigOfStages();
  await rig.outcomes();
  rig.write({'out/clock': 'edited'});
  rig.remove('out/deep/upper');
  const {code, rows} = await verify(rig, 'join', 'upper');
  expect([code, Object.values(rows).map(({verdict}) => verdict)]).toEqual([0, ['same', 'same', 'same']]);
  expect([rig.read('out/clock'), rig.exists('out/deep/upper')]).toEqual(['edited', false]);
});

test('a command that writes by an absolute path is caught, and its output put back', async () => {
  const rig = createRig();
  rig.pipeline(
    `escape: {run: "mkdir -p out; date +%N > ${rig.root}/out/x; cp ${rig.root}/out/x out/x || :", out: [out/x]}`,
  );
  await rig.outcomes();
  const written = rig.read('out/x');
  const {code, rows} = await verify(rig);
  expect(code).toBe(1);
  expect(rows['escape']?.differences?.[0]?.what).toContain('absolute path');
  expect(rig.read('out/x')).toBe(written);
});

const typed = (declared: string, body: string): string => `
import {writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'measures', params: z.strictObject({}), inputs: {}, outputs: {scores: 'scores.json'},
  ${declared}
  async run(ctx) { ${body} },
});
`;
const noisy = `writeFileSync(ctx.out.scores, JSON.stringify({n: 3, runs: [{loss: 0.5 + Math.random() * 1e-9}]}));`;

test('a tolerance in pipeline.yaml or in the stage type; too small a one says which number', async () => {
  const rig = createRig();
  rig.write({
    'stages/noisy.ts': typed('', noisy),
    'stages/tolerant.ts': typed('tolerance: {relative: 1e-6, absolute: 0},', noisy),
    'stages/timing.ts': typed('reproducible: false,', noisy),
  });
  rig.pipeline(`
    strict: {type: noisy}
    small: {type: noisy, tolerance: {relative: 1e-15}}
    enough: {type: noisy, tolerance: {relative: 1e-6}}
    absolute: {type: noisy, tolerance: {absolute: 1e-8}}
    type: {type: tolerant}
    narrower: {type: tolerant, tolerance: {relative: 1e-15}}
    timing: {type: timing}
    never: {type: noisy, reproducible: false}
    shell: {run: "date +%N > out.txt", out: [out.txt], reproducible: false}
  `);
  await rig.outcomes();
  const {code, rows} = await verify(rig);
  expect(code).toBe(1);
  expect(Object.fromEntries(Object.entries(rows).map(([id, {verdict}]) => [id, verdict]))).toEqual({
    strict: 'differs',
    small: 'differs',
    enough: 'within-tolerance',
    absolute: 'within-tolerance',
    type: 'within-tolerance',
    narrower: 'differs',
    timing: 'not-compared',
    never: 'not-compared',
    shell: 'not-compared',
  });
  expect(rows['strict']!.differences![0]!.what).toMatch(
    /^runs\[0\]\.loss: 0\.5\d* → 0\.5\d* \(relative difference up to /,
  );
  expect(rows['enough']!.largest).toBeLessThan(1e-8);
  // None of this is part of a key.
  rig.write({
    'pipeline.yaml': rig
      .read('pipeline.yaml')
      .replace('relative: 1e-6', 'relative: 1e-5')
      .replace(', reproducible: false', ''),
  });
  expect(await rig.changed()).toEqual({});
});

test('wrong settings are told with their place', async () => {
  const rig = createRig();
  rig.pipeline(`a: {run: date > a, out: [a], tolerance: {relativ: 1, absolute: -1}}
b: {run: date > b, out: [b], tolerance: {relative: 1}, reproducible: false}
c: {run: date > c, out: [c], reproducible: sometimes}`);
  const {code, stderr} = await rig.run('status');
  expect(code).toBe(2);
  for (const part of ['Did you mean "relative"?', '0 or more', 'give one of the two', 'true or false'])
    expect(stderr).toContain(part);
});

test('stopped by a signal: 130, nothing left behind', async () => {
  const rig = createRig();
  rig.pipeline('long: {run: "test -f slow && sleep 300; echo > out", out: [out]}');
  await rig.outcomes();
  rig.write({slow: ''});
  const running = rig.start('verify');
  await new Promise(resolve => running.child.stderr!.once('data', resolve));
  running.child.kill('SIGINT');
  const {code, stdout} = await running.result;
  expect([code, stdout]).toEqual([130, expect.stringMatching(/^interrupted: nothing/)]);
  expect(readdirSync(join(rig.root, '.pipeline/tmp'))).toEqual([]);
  expect(await rig.changed()).toEqual({});
});
