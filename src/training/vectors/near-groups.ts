import {kMeans} from '../../math/k-means.ts';
import type {Random} from '../../math/random.ts';
import type {VectorRows} from '../../math/vector-rows.ts';

/** Sentences that the groups' centres are fitted to: a few dozen a group place them well enough. */
const fitted = 64;

/**
 * A group for each of the first `count` sentences, of those that lie near it in the teacher's space: k-means of a sample,
 * and the nearest centre of each. Batches of one group are what losses within the batch learn fine distinctions from. null
 * without a number of groups.
 */
export const nearGroups = (
  teacher: VectorRows,
  count: number,
  groups: number | undefined,
  randomOf: () => Random,
): Uint16Array | null => {
  if (groups === undefined) return null;
  const {dim} = teacher;
  const random = randomOf();
  const sample = random.shuffle(Uint32Array.from({length: count}, (_, at) => at)).subarray(0, fitted * groups);
  const data = new Float32Array(sample.length * dim);
  sample.forEach((sentence, at) => data.set(teacher.row(sentence), at * dim));
  const {centres} = kMeans({data, dim}, {clusters: groups, random, restarts: 1, iterations: 20});
  const halfSquares = Float64Array.from({length: groups}, (_, group) => {
    let sum = 0;
    for (let d = group * dim; d < (group + 1) * dim; d++) sum += centres[d]! * centres[d]!;
    return sum / 2;
  });
  return Uint16Array.from({length: count}, (_, sentence) => {
    const vector = teacher.row(sentence);
    let [nearest, most] = [0, Number.NEGATIVE_INFINITY];
    for (let group = 0; group < groups; group++) {
      // ‖v − c‖² = ‖v‖² − 2(v·c − ‖c‖²/2), and the first does not depend on the group.
      let score = -halfSquares[group]!;
      for (let d = 0, from = group * dim; d < dim; d++, from++) score += vector[d]! * centres[from]!;
      if (score > most) [nearest, most] = [group, score];
    }
    return nearest;
  });
};
