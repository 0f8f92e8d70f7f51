import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

// Pipeline files that nobody would write, given to the real command: exit code 2, all mistakes at once with their
// places, no stack trace, and nothing on the disk is touched.

const rigWith = (yaml: string | Uint8Array): Rig => {
  const rig = createRig();
  rig.write({'keep.txt': 'precious\n', 'out/keep.txt': 'precious\n'});
  writeFileSync(join(rig.root, 'pipeline.yaml'), yaml);
  return rig;
};

const stages = (text: string): string => `version: 1\nstages:\n${text.replace(/^/gm, '  ')}\n`;

const refused = async (yaml: string | Uint8Array, ...args: string[]): Promise<string> => {
  const rig = rigWith(yaml);
  const {code, stdout, stderr} = await rig.run('run', ...args);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(stderr).not.toContain('Internal error');
  expect([code, stdout]).toEqual([2, '']);
  expect([rig.read('keep.txt'), rig.read('out/keep.txt')]).toEqual(['precious\n', 'precious\n']);
  expect(rig.exists('pipeline.lock')).toBe(false);
  return stderr;
};

test('every mistake of a file is told at once: place, line, caret, what was expected, the nearest name', async () => {
  const stderr = await refused(
    stages(`a: {run: cp in.txt a.txt, in: [in.txt], out: [a.txt], retires: 2}
b: {run: cp a.txt b.txt, in: ["@aa"], out: [b.txt], retries: many}
c: {run: touch c.txt, out: [../c.txt]}
d: {run: "echo \${nmae}", out: [a.txt]}
e: {run: touch x, out: [b.txt/inside]}`),
  );
  for (const [place, text] of [
    ['3:57', 'Did you mean "retries"?'],
    ['4:35', 'Did you mean "a"?'],
    ['4:64', 'many'],
    ['5:31', 'outside the project'],
    ['6:18', 'nmae'],
    ['6:34', 'a.txt'],
    ['7:27', 'b.txt'],
  ] as const) {
    const at = stderr.indexOf(`pipeline.yaml:${place} `);
    expect(at, `${place} in ${stderr}`).toBeGreaterThan(-1);
    const error = stderr.slice(at, stderr.indexOf('\n\n', at) === -1 ? undefined : stderr.indexOf('\n\n', at));
    expect(error).toContain(text);
    expect(error).toMatch(/\n\s*\d+ \| .*\n\s*\| +\^+/);
  }
});

test('a circle through several stages is printed as a path', async () => {
  const stderr = await refused(
    stages(`a: {run: x, in: ["@c"], out: [a]}
b: {run: x, in: [a], out: [b]}
c: {run: x, matrix: {seed: [1, 2]}, in: ["@b"], out: ["c/\${seed}"]}`),
  );
  expect(stderr).toMatch(/a → c → b → a|b → a → c → b|c → b → a → c/);
});

test.each([
  ['an output twice', 'a: {run: x, out: [out]}\nb: {run: x, out: [out]}', '"out" is written by both a and b'],
  ['an output inside another', 'a: {run: x, out: [out]}\nb: {run: x, out: [out/keep.txt]}', 'lies inside "out"'],
  ['an output that is its own input', 'a: {run: x, in: [keep.txt], out: [keep.txt]}', 'which it writes itself'],
  ['an output outside', 'a: {run: x, out: [/etc/passwd]}', 'outside the project'],
  ['an output above, by a var', 'a: {run: x, matrix: {p: [../..]}, out: ["${p}/x"]}', 'outside the project'],
  ['the project itself as an output', 'a: {run: x, out: [.]}', 'the project itself'],
  ['the pipeline file as an output', 'a: {run: x, out: [pipeline.yaml]}', "not a stage's to write"],
  [
    'wrong types',
    'a: {run: [1], out: {}, in: 3, env: yes, matrix: [], frozen: 1}',
    'pipeline.yaml:3:12 wrong value for run: expected a text, found a list',
  ],
  ['a stage that is a list', 'a: []', 'pipeline.yaml:3:6'],
  ['a NUL in a command', 'a: {run: "echo \\0", out: [x]}', 'pipeline.yaml:3'],
])('%s', async (_, yaml, text) => {
  expect(await refused(stages(yaml))).toContain(text);
});

test('a bomb of aliases', async () => {
  const levels = Array.from(
    {length: 12},
    (_, index) => `  v${index + 1}: &v${index + 1} [${Array(9).fill(`*v${index}`).join(', ')}]`,
  );
  const yaml = `version: 1\nvars:\n  v0: &v0 [x]\n${levels.join('\n')}\nstages:\n  a: {run: "echo \${v12}", out: [x]}\n`;
  expect(await refused(yaml)).toMatch(/pipeline\.yaml:\d+:\d+ .*alias/i);
});

test('vars that double at each step', async () => {
  const levels = Array.from({length: 40}, (_, index) => `  v${index + 1}: "\${v${index}}\${v${index}}"`);
  const yaml = `version: 1\nvars:\n  v0: x\n${levels.join('\n')}\nstages:\n  a: {run: "echo \${v40}", out: [x]}\n`;
  expect(await refused(yaml)).toContain('more than');
});

test('a matrix of a billion instances', async () => {
  const axes = Array.from({length: 9}, (_, index) => `a${index}: {range: [1, 10]}`).join(', ');
  expect(await refused(stages(`a: {run: x, matrix: {${axes}}, out: [x]}`))).toMatch(/pipeline\.yaml:3:\d+/);
});

test('10 MB of YAML are refused before they are parsed, 4 MB are read like any other file', async () => {
  const ofSize = (bytes: number): string => {
    let yaml = 'version: 1\nstages:\n';
    for (let index = 0; yaml.length < bytes; index++) {
      yaml += `  s${index}: {run: "echo ${'x'.repeat(9000)} > $PLACE", out: ["o/${index}"]}\n`;
    }
    return yaml;
  };
  expect(await refused(ofSize(10_000_000))).toContain('at most 4 MB, found 9.5 MB');
  const yaml = ofSize(4_000_000);
  const {code, stderr, rows} = await rigWith(yaml).run('status', '--json');
  expect([code, stderr]).toEqual([1, '']);
  expect(rows.length).toBeGreaterThan(400);
  const broken = await rigWith(`${yaml}  last: {run: x, otu: [x]}\n`).run('status');
  expect(broken.code).toBe(2);
  expect(broken.stderr).toContain('Did you mean "out"?');
  expect(broken.stderr.length).toBeLessThan(1000);
});

test.each([
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from('version: 1\nstages:\n  a: {run: "'), Buffer.from([0xff, 0xc3]), Buffer.from('"}\n')]),
    'UTF-8',
  ],
  ['UTF-16', Buffer.from('\ufeffversion: 1\n', 'utf16le'), 'UTF-8'],
  ['binary', Buffer.from(Array.from({length: 4096}, (_, index) => (index * 7919) % 256)), 'pipeline.yaml'],
  ['nothing but brackets', Buffer.from('['.repeat(100_000)), 'pipeline.yaml'],
  ['nothing but a string', Buffer.from('hello'), 'pipeline.yaml:1:1'],
  ['two documents', Buffer.from('version: 1\n---\nversion: 1\n'), 'pipeline.yaml'],
  [
    'keys of a prototype',
    Buffer.from('version: 1\nstages:\n  __proto__: {run: x, out: [x]}\n  constructor: 3\n'),
    'pipeline.yaml:3:3 a key must be a plain text',
  ],
])('%s', async (_, bytes, text) => {
  expect(await refused(bytes)).toContain(text);
});

test('a pipeline file that is a folder', async () => {
  const rig = createRig();
  rig.write({'pipeline.yaml/x': ''});
  const {code, stderr} = await rig.run('run', '--file', 'pipeline.yaml');
  expect(code).toBe(2);
  expect(stderr).toContain('pipeline.yaml');
  expect(stderr).not.toContain('    at ');
});

test('a stage type whose input is declared in a way that there is not is named, with what there is', async () => {
  const rig = rigWith(stages('odd: {type: odd, in: {raw: keep.txt}}'));
  rig.write({
    'stages/odd.ts': `
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'reads nothing', params: z.strictObject({}), inputs: {raw: 'maybe'}, outputs: {file: 'x'}, async run() {},
});
`,
  });
  const {code, stderr} = await rig.run('run');
  expect(stderr).toContain('its input `raw` is declared as "maybe", expected one of one, optional, many, any');
  expect(stderr).not.toContain('Internal error');
  expect(code).toBe(2);
});
