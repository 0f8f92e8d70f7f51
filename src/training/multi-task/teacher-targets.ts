import {readArrow} from '../../io/arrow.ts';
import type {TaskHead} from './heads.ts';

/**
 * What a teacher said of each example of a task, read from the file of stage `teacher-logits`: softmax of its logits at
 * temperature 1, or its score in [0, 1]. `names` of the file's labels, not positions, say which column is which.
 */
export const readTeacherTargets = (
  path: string,
  {task, outputs}: TaskHead,
): ((id: string, swapped: boolean) => Float32Array) => {
  const table = readArrow(path);
  const expected = task.kind === 'classification' ? task.labels : [];
  const labels = table.metadata.get('labels')?.split(' ') ?? [];
  const [own, found] = [table.metadata.get('task'), table.vectors('logits').dim];
  if (own !== task.name || found !== outputs || (labels.length > 0 && labels.join() !== expected.join())) {
    throw new Error(
      `${path} holds ${found} logits of the task "${own ?? 'none'}" (${labels.join(', ') || 'no labels'}); ` +
        `expected ${outputs} of "${task.name}" (${expected.join(', ') || 'a score'}). Make it with the stage teacher-logits.`,
    );
  }
  const row = new Map(table.strings('id').map((id, at) => [id, at]));
  const columns = new Map<boolean, Float32Array>();
  const targets = (swapped: boolean): Float32Array => {
    let known = columns.get(swapped);
    if (!known) {
      const name = swapped ? 'swapped' : 'logits';
      if (!table.columns.includes(name)) {
        throw new Error(`${path} has no logits of swapped pairs, which \`bothOrders\` learns from. Make it with bothOrders: true.`); // prettier-ignore
      }
      const {parts} = table.vectors(name);
      known = Float32Array.from(parts.flatMap(part => Array.from(part)));
      if (task.kind === 'classification') softmaxRows(known, outputs);
      columns.set(swapped, known);
    }
    return known;
  };
  return (id, swapped) => {
    const at = row.get(id);
    if (at === undefined) throw new Error(`${path} has no logits of the example ${id} of "${task.name}": it was made of other rows.`); // prettier-ignore
    return targets(swapped).subarray(at * outputs, (at + 1) * outputs);
  };
};

const softmaxRows = (values: Float32Array, width: number): void => {
  for (let at = 0; at < values.length; at += width) {
    const row = values.subarray(at, at + width);
    const largest = Math.max(...row);
    const powers = Array.from(row, value => Math.exp(value - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    row.set(powers.map(power => power / sum));
  }
};
