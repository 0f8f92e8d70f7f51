import {bootstrapInterval} from '../src/math/bootstrap-interval.ts';
import {median} from '../src/math/descriptive.ts';
import {ourScore, ranPipeline} from './fine-tuning/ours.ts';
import {theirScore} from './fine-tuning/theirs.ts';
import {higherIsBetter, isSelected, type Bench, type Row} from './harness/row.ts';

/** Fixed before anything was run. */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/**
 * Is our fine-tuning as good as that of others? Single-task training of papers/bam.yaml (profile small) against a plain
 * script with PyTorch and transformers: the same encoder, data, order of examples and settings; heads and dropout masks are
 * each library's own. Scores, not times: the medians should differ by less than two points. Hours; both sides resume.
 */
export default {
  name: 'finetune',
  run: async function* (options) {
    for (const task of ['rte', 'cola'] as const) {
      if (!isSelected(task, options)) continue;
      const chosen = options.quick ? seeds.slice(0, 1) : seeds;
      const failure = await ranPipeline(task, chosen);
      if (failure !== null) {
        yield missing(task, failure);
        continue;
      }
      const [ours, theirs]: [number[], number[]] = [[], []];
      for (const seed of chosen) {
        const score = await theirScore(task, seed);
        if (typeof score === 'object') {
          yield missing(task, score.reason);
          break;
        }
        ours.push(100 * (await ourScore(task, seed)));
        theirs.push(100 * score);
      }
      if (theirs.length === chosen.length) yield row(task, ours, theirs);
    }
  },
} satisfies Bench;

const shared = {bench: 'finetune', unit: 'points', peer: 'transformers'} as const;

const missing = (task: string, reason: string): Row =>
  higherIsBetter({...shared, case: `${task}, dev`, ours: null, theirs: null, runs: 0, reason});

const row = (task: string, ours: readonly number[], theirs: readonly number[]): Row => {
  const [a, b] = [median(ours), median(theirs)];
  const difference = `difference ${(a - b).toFixed(2)}`;
  const text = (): string => {
    const {low, high} = bootstrapInterval([ours, theirs], 'median', {method: 'percentile', seed: 1});
    return `${difference}, 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}`;
  };
  const reason = ours.length > 1 ? text() : difference;
  return higherIsBetter({
    ...shared,
    case: `${task}, dev, median of seeds`,
    ours: a,
    theirs: b,
    runs: ours.length,
    reason,
  });
};
