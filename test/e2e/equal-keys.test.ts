import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, idOf, type Rig} from '../rig.ts';

// Instances that differ in nothing but their names have one key; what they write may have their names in it, and each has a
// folder of checkpoints of its own. One name in two profiles is one instance: it must not be made twice at the same time.

const slowStage = `
import {existsSync, writeFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';

export default defineStage({
  description: 'Keeps a file beside it while it works.',
  params: z.strictObject({fails: z.boolean().default(false)}),
  inputs: {text: 'one'},
  outputs: {text: 'text.txt'},
  async run(ctx) {
    const mine = join(ctx.scratch, 'at-work');
    if (existsSync(mine)) throw new Error('somebody else is here');
    writeFileSync(mine, '');
    await new Promise(resolve => setTimeout(resolve, 1000));
    if (ctx.params.fails) throw new Error('as told');
    await writeFile(ctx.out.text, 'done');
  },
});
`;

const slowRig = (fails = false): Rig => {
  const rig = createRig();
  rig.write({'in.txt': 'words\n', 'stages/slow.ts': slowStage});
  const stage = `{type: slow, in: {text: in.txt}, params: {fails: ${fails}}}`;
  const stages = `stages: {one: ${stage}, two: ${stage}, three: ${stage}}`;
  rig.write({'pipeline.yaml': `version: 1\nprofiles: {other: {}}\n${stages}\n`});
  return rig;
};

test('under three names: each is made, by itself, and they do not wait for each other', async () => {
  const rig = slowRig();
  const {code, rows, stderr} = await rig.run('run', '--json', '--jobs', '3');
  expect(code, stderr).toBe(0);
  expect(rows.map(row => row.outcome)).toEqual(['ran', 'ran', 'ran']);
  for (const name of ['one', 'two', 'three'])
    expect(existsSync(join(rig.root, `artifacts/${name}/text.txt`))).toBe(true);
});

test('the same name in two profiles at once: the second comes from the store', async () => {
  const rig = slowRig();
  const profile = ['--profile', 'other'];
  const results = await Promise.all([rig.run('run', '--json', 'one'), rig.run('run', '--json', 'one', ...profile)]);
  expect(results.map(({code, stderr}) => (code === 0 ? 0 : stderr))).toEqual([0, 0]);
  const outcomes = results.flatMap(({rows}) => rows.map(row => [idOf(row), row.outcome]));
  expect(outcomes.map(([, outcome]) => outcome).sort()).toEqual(['ran', 'restored']);
});

test('where the first one fails, the next one has its turn', async () => {
  const rig = slowRig(true);
  const {code, rows} = await rig.run('run', '--json', '--jobs', '3', '--keep-going');
  expect(code).toBe(1);
  expect(rows.map(row => row.outcome)).toEqual(['failed', 'failed', 'failed']);
});
