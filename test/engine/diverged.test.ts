import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect, test} from 'vitest';
import {readSafetensors} from '../../src/io/safetensors.ts';
import {createRig} from '../rig.ts';

const engine = pathToFileURL(join(import.meta.dirname, '../../dist/src/engine')).href;

/** Trains √w, whose third step is that of a negative number; a checkpoint after each. */
const stage = `
import {defineStage, StageError} from 'distill-pipeline/stage';
import {z} from 'zod';
const engine = '${engine}';
export default defineStage({
  description: 'a training that diverges',
  params: z.strictObject({}),
  inputs: {},
  outputs: {student: 'student.txt'},
  run: async ctx => {
    const tf = await import('@tensorflow/tfjs-core');
    const {openEngine} = await import(engine + '/engine.js');
    const {createTrainer} = await import(engine + '/trainer.js');
    const trainer = createTrainer({
      engine: await openEngine({backend: 'jit', threads: 1}),
      parameters: {w: {shape: [1], data: Float32Array.of(2.5)}},
      loss: p => tf.sum(tf.sqrt(p['w']!)),
    });
    for (;;) {
      const batchName = () => 'batch ' + (trainer.steps + 1) + ' of 9';
      await trainer.step({}, {learningRate: 1.5, progress: 0, batchName}).catch((error: Error) => {
        throw error.name === 'EngineError' ? new StageError(error.message) : error;
      });
      await trainer.save(ctx.scratch);
    }
  },
});
`;

test('a training that diverges ends the run: step and batch are named, no trace, the last checkpoint stays, exit code 1', async () => {
  const rig = createRig();
  rig.write({'stages/diverges.ts': stage});
  // The engine comes from outside of this project, which the guard of keys would refuse.
  rig.pipeline('train: {type: diverges, hermetic: false}');
  const {code, stderr, stdout} = await rig.run('run');
  const said = `${stdout}${stderr}`;
  expect(code, said).toBe(1);
  expect(said).toMatch(/Training stopped at step 3: the loss is NaN \(learning rate 1\.5\)\. It was batch 3 of 9\./);
  expect(said).not.toMatch(/^ +at .*\.js:\d+/m);
  const checkpoints = readdirSync(rig.root, {recursive: true, encoding: 'utf8'}).filter(name => name.endsWith('checkpoint.safetensors')); // prettier-ignore
  expect(checkpoints).toHaveLength(1);
  const {metadata, tensors} = readSafetensors(join(rig.root, checkpoints[0]!));
  expect(metadata['steps']).toBe('2');
  expect(tensors['parameter/w']!.data[0]).toBeLessThan(0);
});
