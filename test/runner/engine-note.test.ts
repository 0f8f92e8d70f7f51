import {expect, test} from 'vitest';
import {createRig} from './rig.ts';

const stage = `
import {writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'Computes, as it says.',
  params: z.strictObject({n: z.number()}),
  inputs: {},
  outputs: {text: 'text.txt'},
  engine: true,
  async run(ctx) {
    writeFileSync(ctx.out.text, 'x');
  },
});
`;

test('an engine that fell through is told once, when something computes, and is no part of the key', async () => {
  const rig = createRig();
  rig.write({'stages/compute.ts': stage});
  rig.stages('a: {type: compute, params: {n: 1}}\nb: {type: compute, params: {n: 2}}');
  const engine = () => ({backend: 'jit', version: '1', note: 'the faster one does not load'});
  const {events, outcomes} = await rig.run({project: {engine}});
  expect(outcomes).toEqual({a: 'ran', b: 'ran'});
  expect(events.filter(({kind}) => kind === 'warning')).toEqual([
    {kind: 'warning', message: 'the faster one does not load'},
  ]);
  expect(rig.read('pipeline.lock/a.json')).not.toContain('does not load');

  const again = await rig.run({project: {engine: () => ({backend: 'jit', version: '1', note: 'other words'})}});
  expect(again.outcomes).toEqual({a: 'fresh', b: 'fresh'});
  expect(again.events.filter(({kind}) => kind === 'warning')).toEqual([]);
});
