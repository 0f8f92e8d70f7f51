import type {HostTensor, Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {Task} from '../../tasks/task.ts';

/** The outputs of one task: columns `start` to `start + outputs` of the one matrix that all heads share. */
export interface TaskHead {
  readonly task: Task;
  readonly start: number;
  /** Labels, or 1 for a score. */
  readonly outputs: number;
}

export interface HeadLayout {
  readonly heads: readonly TaskHead[];
  /** Of all heads together. */
  readonly columns: number;
}

export const outputsOf = (task: Task): number => (task.kind === 'classification' ? task.labels.length : 1);

/**
 * Where the heads of `tasks` lie side by side. One matrix for all of them, so that a batch may mix tasks and one compiled
 * step serves every mixture: each row reads all columns, and a mask says which are its own.
 */
export const headLayout = (tasks: readonly Task[]): HeadLayout => {
  const heads: TaskHead[] = [];
  let columns = 0;
  for (const task of tasks) {
    heads.push({task, start: columns, outputs: outputsOf(task)});
    columns += outputsOf(task);
  }
  return {heads, columns};
};

export const headWeight = 'heads.weight';
export const headBias = 'heads.bias';

/** BERT's initializer_range. */
const spread = 0.02;

/** `heads.weight` [columns, width], normal of deviation .02 cut at two deviations as BERT's; `heads.bias` [columns], zeros. */
export const initHeads = ({heads, columns}: HeadLayout, width: number, random: Random): Parameters => {
  const weight = new Float32Array(columns * width);
  for (const {task, start, outputs} of heads) {
    // By name: a head starts the same whichever tasks it is trained beside.
    const own = random.fork(task.name);
    for (let at = 0; at < outputs * width; at++) weight[start * width + at] = truncatedNormal(own, spread);
  }
  return {
    [headWeight]: {shape: [columns, width], data: weight},
    [headBias]: {shape: [columns], data: new Float32Array(columns)},
  };
};

/** Normal with this deviation, drawn again where it is more than two deviations off (BERT's truncated_normal_initializer). */
export const truncatedNormal = (random: Random, deviation: number): number => {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) <= 2) return deviation * value;
  }
};

/** A task's rows of the shared head: weight [outputs, width] and bias [outputs]. */
export const headOf = (parameters: Parameters, {start, outputs}: TaskHead): {weight: HostTensor; bias: HostTensor} => {
  const {shape, data} = parameters[headWeight]!;
  const width = shape[1]!;
  return {
    weight: {shape: [outputs, width], data: data.slice(start * width, (start + outputs) * width)},
    bias: {shape: [outputs], data: parameters[headBias]!.data.slice(start, start + outputs)},
  };
};

/** The shared head made of one head a task, in the order of the layout. */
export const joinHeads = (
  {heads, columns}: HeadLayout,
  width: number,
  ownHead: (head: TaskHead) => {weight: HostTensor; bias: HostTensor},
): Parameters => {
  const weight = new Float32Array(columns * width);
  const bias = new Float32Array(columns);
  for (const head of heads) {
    const own = ownHead(head);
    weight.set(own.weight.data, head.start * width);
    bias.set(own.bias.data, head.start);
  }
  return {[headWeight]: {shape: [columns, width], data: weight}, [headBias]: {shape: [columns], data: bias}};
};
