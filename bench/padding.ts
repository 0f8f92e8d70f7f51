import {planBatches} from '../src/models/sentence-batch.ts';
import {findSplitFile, readSplitFile} from '../src/tasks/read-files.ts';
import {loadTask} from '../src/tasks/load.ts';
import {isSelected, lowerIsBetter} from './harness/row.ts';
import type {Bench} from './harness/row.ts';

const shared = {bench: 'padding', unit: '%'};
const tasks = ['rte', 'mrpc', 'sts-b', 'cola', 'sst-2'];

/**
 * How much of a training's batches is padding, in per cent, beside batches that are each as long as their longest text:
 * the least there can be, at a shape to compile for nearly every batch. Texts of GLUE's files (BENCH_GLUE), lengths in words.
 */
export default {
  name: 'padding',
  run: async function* (options) {
    const glue = process.env['BENCH_GLUE'];
    for (const name of tasks) {
      const task = await loadTask(name);
      const file = glue === undefined ? null : findSplitFile(glue, task, 'train');
      const columns = task.source.kind === 'files' ? task.source.splits.train : undefined;
      if (file === null || columns === undefined) {
        const reason = glue === undefined ? 'set BENCH_GLUE to the folder with RTE, MRPC, …' : `no file in ${glue}`;
        yield lowerIsBetter({...shared, case: name, runs: 0, peer: 'least', ours: null, theirs: null, reason});
        continue;
      }
      const examples = readSplitFile(file, task, columns);
      const lengths = examples.map(({text1, text2}) => words(text1) + (text2 === null ? 2 : words(text2) + 3));
      for (const rows of [32, 128]) {
        const plans = planBatches(lengths, {rows});
        const shapes = new Set(plans.map(({tokens}) => tokens)).size;
        const label = `${name}, ${lengths.length} texts, batches of ${rows}: ${shapes} shapes`;
        if (!isSelected(label, options)) continue;
        const sorted = lengths.toSorted((a, b) => a - b);
        const least = plans.map((_, at) => sorted.slice(at * rows, (at + 1) * rows).at(-1)! * rows);
        yield lowerIsBetter({
          ...{...shared, case: label, runs: 1, peer: `least, ${new Set(least).size} shapes`},
          ours: padding(
            lengths,
            plans.map(({tokens}) => tokens * rows),
          ),
          theirs: padding(lengths, least),
        });
      }
    }
  },
} satisfies Bench;

const words = (text: string): number => text.match(/\w+|[^\w\s]/g)?.length ?? 0;

const padding = (lengths: readonly number[], places: readonly number[]): number => {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return Number((100 * (1 - sum(lengths) / sum(places))).toPrecision(3));
};
