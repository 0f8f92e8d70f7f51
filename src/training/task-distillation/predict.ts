import {createPredictor} from '../../engine/predictor.ts';
import type {Engine, Parameters} from '../../engine/types.ts';
import {onePass, planBatches} from '../../models/sentence-batch.ts';
import type {Example} from '../../tasks/task.ts';
import type {TaskStudent} from './student.ts';

const rows = 64;

/** Outputs of examples, in their order: [example, outputs]; logits, or scores as they were learnt. */
export const predictTask = async (
  engine: Engine,
  student: Pick<TaskStudent, 'prepare' | 'forward'>,
  parameters: Parameters,
  examples: readonly Example[],
  outputs: number,
): Promise<Float32Array> => {
  const logits = new Float32Array(examples.length * outputs);
  if (examples.length === 0) return logits;
  const predictor = createPredictor({
    engine,
    parameters,
    forward: (p, batch, ctx) => student.forward(p, batch, ctx, {scores: false}).logits,
  });
  const prepared = student.prepare(examples);
  for (const plan of planBatches(prepared.lengths, {rows, shapeCost: onePass})) {
    const [found] = await predictor.run(prepared.batch(plan.members, plan));
    for (const [row, member] of plan.members.entries())
      logits.set(found!.subarray(row * outputs, (row + 1) * outputs), member * outputs);
  }
  await predictor.close();
  return logits;
};
