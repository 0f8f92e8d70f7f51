import {median} from '../../math/descriptive.ts';
import {deviation} from '../cells.ts';
import type {ReportData} from '../data.ts';
import {fixed} from '../format.ts';
import {groupBy} from '../order.ts';
import type {Distillation} from '../results.ts';
import {defineTable, type Worded} from '../table.ts';

type Measure = 'heldOutCosine' | 'similaritySpearman';

const titles: Readonly<Record<Measure, string>> = {
  heldOutCosine: 'Mean cosine to the teacher',
  similaritySpearman: "Correlation with the teacher's similarities",
};

const summed = (values: readonly (number | null | undefined)[]): Worded | null => {
  const known = values.filter(v => v !== undefined && v !== null);
  if (known.length === 0) return null;
  const spread = deviation(known);
  const value = median(known);
  return {value, text: `${fixed(value, 3)}${spread === null || spread === 0 ? '' : ` ± ${fixed(spread, 3)}`}`};
};

const rowOf = (arm: string, runs: readonly Distillation[], measure: Measure) => ({
  arm,
  measure: titles[measure],
  student: summed(runs.map(run => run.final[measure])),
  untrained: summed(runs.map(run => run.untrained?.[measure])),
  bagOfWords: summed(runs.map(run => run.bagOfWords?.[measure])),
  runs: runs.length,
});

export default defineTable({
  title: 'How close the student comes to its teacher',
  pictures: ['learning-curve'],
  columns: [
    {key: 'arm', title: 'Arm'},
    {key: 'measure', title: 'On held-out sentences'},
    {key: 'student', title: 'Student', digits: 3, align: 'right'},
    {key: 'untrained', title: 'Untrained student', digits: 3, align: 'right'},
    {key: 'bagOfWords', title: 'Bag of words', digits: 3, align: 'right'},
    {key: 'runs', title: 'Runs', align: 'right'},
  ],
  rows: ({results}: ReportData) =>
    [...groupBy(results.distillation, d => d.arm)].flatMap(([arm, runs]) =>
      (['heldOutCosine', 'similaritySpearman'] as const).map(m => rowOf(arm, runs, m)).filter(row => row.student),
    ),
  legend: ({results}: ReportData) =>
    results.distillation.length === 0
      ? []
      : [
          'Median over distillation runs ± sample standard deviation.',
          "Correlation: Spearman's, between the student's and the teacher's cosines of pairs of held-out sentences.",
        ],
});
