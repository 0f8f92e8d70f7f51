import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';
import {gitIn} from './repository.ts';

interface Item {
  readonly group: string;
  readonly name: string;
  readonly was?: unknown;
  readonly now?: unknown;
  readonly changed: boolean;
  readonly waitsFor?: string;
}
interface Why {
  readonly id: string;
  readonly outcome: string;
  readonly key: string | null;
  readonly recordedKey: string | null;
  readonly recordedBy: {readonly commit: string; readonly subject: string; readonly isPresent: boolean} | null;
  readonly items: readonly Item[];
}
const why = async (rig: Rig, ...args: string[]): Promise<Why[]> =>
  (await rig.run('why', '--json', ...args)).stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Why);
/** `group name: was → now` of what differs. */
const changes = ({items}: Why): string[] =>
  items
    .filter(({changed}) => changed)
    .map(({group, name, was, now}) => `${group} ${name}: ${JSON.stringify(was)} → ${JSON.stringify(now)}`);

const stage = (factor: number): string => `
import {writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
import {factor} from '../src/factor.ts';
export default defineStage({
  description: 'multiplies', params: z.strictObject({by: z.object({a: z.number(), b: z.number()})}),
  inputs: {text: 'one'}, outputs: {file: 'file.txt'}, engine: true,
  async run(ctx) { writeFileSync(ctx.out.file, String(${factor} * factor * ctx.params.by.a)); },
});
`;
const rigOfTyped = (): Rig => {
  const rig = createRig({GREETING: 'hello'});
  rig.write({
    'in.txt': 'a\n',
    'src/factor.ts': 'export const factor = 2;',
    'stages/multiply.ts': stage(3),
    'package-lock.json': lockOf('4.0.1'),
    'node_modules/zod/package.json': '{"name": "zod"}',
  });
  rig.pipeline(`
    source: {run: 'cp in.txt out/source', in: [in.txt], out: [out/source]}
    multiply: {type: multiply, in: {text: "@source"}, params: {by: {a: 1, b: 2}}, env: [GREETING]}
  `);
  return rig;
};
const lockOf = (version: string): string =>
  JSON.stringify({lockfileVersion: 3, packages: {'node_modules/zod': {version}}});

test('a hit: every item of the key with its value', async () => {
  const rig = rigOfTyped();
  rig.remove('node_modules');
  await rig.outcomes();
  const [answer] = await why(rig, 'multiply');
  expect(answer).toMatchObject({id: 'multiply', outcome: 'fresh', recordedBy: null});
  expect(answer!.key).toBe(answer!.recordedKey);
  expect(changes(answer!)).toEqual([]);
  const names = answer!.items.map(({group, name}) => `${group} ${name}`);
  expect(names).toEqual(
    expect.arrayContaining([
      'code src/factor.ts',
      'code stages/multiply.ts',
      'command type',
      'engine backend',
      'engine threads',
      'engine version',
      'env GREETING',
      'input text: out/source',
      'node major',
      'package zod',
      'param by',
    ]),
  );
  const text = (await rig.run('why', 'multiply')).stdout;
  for (const part of ['fresh', 'GREETING', 'hello', 'stages/multiply.ts', 'not committed'])
    expect(text).toContain(part);
});

test('a miss: params by key, files by name, code by file, packages by version, variables by value', async () => {
  const rig = rigOfTyped();
  rig.remove('node_modules');
  await rig.outcomes();
  rig.write({
    'in.txt': 'b\n',
    'src/factor.ts': 'export const factor = 5; // a comment is nothing, a number is',
    'stages/multiply.ts': `// only a comment\n${stage(3)}`,
    'package-lock.json': lockOf('4.0.2'),
  });
  rig.write({
    'pipeline.yaml': rig
      .read('pipeline.yaml')
      .replace('a: 1', 'a: 7')
      .replace('env: [GREETING]', 'env: [GREETING, NOWHERE]'),
  });
  const [source] = await why(rig, 'source');
  expect(changes(source!)).toEqual([expect.stringMatching(/^input in\.txt: "[0-9a-f]{64}" → "[0-9a-f]{64}"$/)]);
  const [answer] = await why(rig, 'multiply');
  expect(answer).toMatchObject({outcome: 'stale', key: null});
  expect(changes(answer!)).toEqual([
    expect.stringMatching(/^code src\/factor\.ts: "[0-9a-f]{64}" → "[0-9a-f]{64}"$/),
    'env NOWHERE: undefined → null',
    'package zod: "4.0.1" → "4.0.2"',
    'param by: {"a":1,"b":2} → {"a":7,"b":2}',
  ]);
  expect(answer!.items.find(({name}) => name === 'text: out/source')).toMatchObject({waitsFor: 'source'});
  const {stdout} = await rig.run('why', 'multiply', '--changed');
  expect(stdout).toMatch(/\* by\n {6}a {2}1 → 7\n/);
  expect(stdout).toMatch(/\* zod +4\.0\.1 → 4\.0\.2/);
  expect(stdout).not.toContain('stages/multiply.ts');
});

test('a long command is shown whole, old and new', async () => {
  const rig = createRig();
  const long = `echo ${'x'.repeat(80)}`;
  rig.pipeline(`a: {run: "${long} > out", out: [out]}`);
  await rig.outcomes();
  rig.pipeline(`a: {run: "${long}y > out", out: [out]}`);
  const {stdout} = await rig.run('why', 'a');
  expect(stdout).toContain(`- ${long} > out\n`);
  expect(stdout).toContain(`+ ${long}y > out\n`);
});

test('the commit that recorded what is there: the last one that wrote the lock file, for each instance', async () => {
  const rig = createRig();
  const git = gitIn(rig);
  const stages = (one: string): void =>
    rig.pipeline(`t: {run: "echo ${one} \${s} > out/\${s}", matrix: {s: [1, 2]}, out: ["out/\${s}"]}`);
  stages('a');
  await rig.outcomes();
  git('add', '-A');
  git('commit', '-q', '-m', 'both: first');
  const first = git('rev-parse', '--short', 'HEAD');
  stages('b');
  await rig.outcomes('t@s=2');
  git('add', '-A');
  git('commit', '-q', '-m', 'second for two');
  rig.write({'README.md': ''});
  git('add', '-A');
  git('commit', '-q', '-m', 'nothing to do with it');
  const [one, two] = await why(rig, 't');
  expect(one).toMatchObject({outcome: 'stale', recordedBy: {commit: first, subject: 'both: first', isPresent: true}});
  expect(two).toMatchObject({outcome: 'fresh', recordedBy: {subject: 'second for two', isPresent: true}});
  await rig.outcomes('t@s=1');
  expect((await why(rig, 't@s=1'))[0]!.recordedBy).toMatchObject({commit: first, isPresent: false});
  expect((await rig.run('why', 't@s=1')).stdout).toContain(`since then, not committed; before that by commit ${first}`);
  expect((await rig.run('why', 't@s=2')).stdout).toMatch(
    /recorded [0-9a-f]{12} by commit [0-9a-f]+ of \d{4}-\d\d-\d\d, second for two/,
  );
});

test('never run', async () => {
  const rig = createRig();
  rig.pipeline('a: {run: echo > out, out: [out]}');
  const {stdout} = await rig.run('why', 'a');
  expect(stdout).toMatch(/^a {2}stale {2}\(first run\)\n {2}key .*\n {2}recorded never\n/);
});

test('a folder: the files in it that were added, removed or edited, also after the next run', async () => {
  const rig = createRig();
  rig.write({'in/a.txt': 'a', 'in/b.txt': 'b', 'in/deep/c.txt': 'c'});
  rig.pipeline('list: {run: "ls in > out", in: [in], out: [out]}');
  await rig.outcomes();
  rig.write({'in/b.txt': 'edited', 'in/deep/d.txt': 'd'});
  rig.remove('in/a.txt');
  const files = [
    {path: 'a.txt', change: 'removed'},
    {path: 'b.txt', change: 'edited'},
    {path: 'deep/d.txt', change: 'added'},
  ];
  expect((await why(rig, 'list'))[0]!.items.find(({name}) => name === 'in')).toMatchObject({changed: true, files});
  expect((await rig.run('why', 'list')).stdout).toContain(
    '      removed  a.txt\n      edited   b.txt\n      added    deep/d.txt',
  );
  await rig.outcomes();
  rig.write({'in/b.txt': 'once more'});
  expect((await why(rig, 'list'))[0]!.items.find(({name}) => name === 'in')).toMatchObject({files: [files[1]]});
  rig.remove('.pipeline/objects');
  expect((await rig.run('why', 'list')).stdout).toContain('no longer kept');
});
