import type {Example, Task} from '../tasks/task.ts';

/** What a network is trained towards, [example, outputs]: one-hot labels, or the score scaled to [0, 1]. */
export const targetsOf = (task: Task, examples: readonly Example[]): Float32Array => {
  if (task.kind === 'regression') {
    const {low, high} = task.range;
    return Float32Array.from(examples, ({label}) => (Number(label) - low) / (high - low));
  }
  const targets = new Float32Array(examples.length * task.labels.length);
  for (const [row, {label}] of examples.entries()) {
    const column = task.labels.indexOf(label!);
    if (column < 0) throw new Error(`Internal error: "${label}" is no label of the task "${task.name}".`);
    targets[row * task.labels.length + column] = 1;
  }
  return targets;
};

/** A regressor's outputs, which learnt scores in [0, 1], in the task's own range; logits of labels stay as they are. */
export const inTaskRange = (task: Task, logits: Float32Array): Float32Array => {
  if (task.kind === 'classification') return logits;
  const {low, high} = task.range;
  return logits.map(score => low + score * (high - low));
};
