import {median, standardDeviation} from '../../math/descriptive.ts';
import {armsOf, axisText} from '../cells.ts';
import type {ReportData} from '../data.ts';
import {fixed, listed} from '../format.ts';
import {bamAverage, glueScore, macroScore, nineColumnAverage} from '../paper/glue-columns.ts';
import {armRuns, coveredMean, seedValues, type ArmRuns, type Coverage} from '../paper/measured.ts';
import type {Results} from '../results.ts';
import {defineTable, type Worded} from '../table.ts';

/** Who averages how. The same models get four different numbers, so an average without its name says nothing. */
const averages = [
  {
    key: 'glue',
    title: 'GLUE score',
    measure: glueScore,
    how: 'nine tasks; MRPC and QQP as the mean of accuracy and F1, STS-B as the mean of Pearson and Spearman, MNLI as the mean of its two sets',
  },
  {
    key: 'bam',
    title: 'BAM',
    measure: bamAverage,
    how: 'eight tasks without WNLI; accuracy for MRPC and QQP, MNLI matched alone',
  },
  {
    key: 'nine',
    title: 'BERT, TinyBERT, LRC-BERT',
    measure: nineColumnAverage,
    how: 'nine columns without WNLI; F1 for MRPC and QQP, MNLI twice',
  },
  {
    key: 'macro',
    title: 'DistilBERT',
    measure: macroScore,
    how: 'nine tasks with WNLI; F1 for MRPC, accuracy for QQP, MNLI matched alone',
  },
] as const;

type Key = (typeof averages)[number]['key'];
type Row = {readonly arm: string} & Readonly<Record<Key, Worded | null>>;

/** Arms that answered two of GLUE's tasks or more: fewer have no average. */
const armsWithAverages = (results: Results): ArmRuns[] => {
  const arms = armRuns(results, armsOf(results.scores.map(s => s.arm)));
  return arms.filter(arm => (coveredMean(glueScore, [arm])?.tasks.length ?? 0) > 1);
};

/** Of each average the tasks of the arm that has most: an ablation on two tasks must not cut the average of all others. */
const coverages = (arms: readonly ArmRuns[]): (Coverage | null)[] =>
  averages.map(({measure}) => {
    const each = arms.flatMap(arm => coveredMean(measure, [arm]) ?? []);
    return each.toSorted((x, y) => y.tasks.length - x.tasks.length)[0] ?? null;
  });

const worded = (values: readonly number[]): Worded | null => {
  if (values.length === 0) return null;
  const spread = values.length > 1 ? standardDeviation(values, 1) : null;
  const text = fixed(median(values), 1) + (spread === null ? '' : ` ± ${fixed(spread, 1)} (n = ${values.length})`);
  return {value: median(values), text, parts: {spread, n: values.length}};
};

const rowsOf = (results: Results): Row[] => {
  const arms = armsWithAverages(results);
  const covered = coverages(arms);
  return arms.flatMap(arm => {
    const cells = averages.map(({key}, i) => {
      const measure = covered[i]?.measure;
      return [key, measure ? worded(seedValues(arm, measure).map(run => run.value)) : null] as const;
    });
    if (cells.every(([, cell]) => cell === null)) return [];
    const name = [arm.arm, axisText(arm.axis)].filter(Boolean).join(' ');
    return {arm: name, ...(Object.fromEntries(cells) as Record<Key, Worded | null>)};
  });
};

/** Every average by whose it is, over the same tasks for all arms; a missing task is said, never filled in. */
export default defineTable<ReportData, Row>({
  title: 'Averages over GLUE',
  columns: [{key: 'arm', title: 'Arm'}, ...averages.map(({key, title}) => ({key, title, align: 'right' as const}))],
  rows: ({results}) => rowsOf(results),
  legend: ({results}) => {
    const covered = coverages(armsWithAverages(results));
    return [
      "Score × 100, the median over seeds of each seed's average, ± the sample standard deviation; arms without all of the tasks are left out.",
      ...averages.map(({title, how}, i) => {
        const own = covered[i];
        const partial = own && own.tasks.length < own.of;
        const which = partial
          ? ` Here over ${own.tasks.length} of ${own.of}: ${listed(own.tasks)}; no match for a published one.`
          : '';
        return `${title}: ${how}.${which}`;
      }),
    ];
  },
});
