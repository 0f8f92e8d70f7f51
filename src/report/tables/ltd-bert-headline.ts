import {median} from '../../math/descriptive.ts';
import {cellsOf} from '../cells.ts';
import type {ReportData} from '../data.ts';
import {fixed, points} from '../format.ts';
import ltdBert from '../published/ltd-bert.ts';
import type {Distillation, Results} from '../results.ts';
import {defineTable, type Worded} from '../table.ts';
import published from './published.ts';

const over = (values: readonly number[], text: (value: number) => string): Worded | null =>
  values.length === 0 ? null : {value: median(values), text: text(median(values)), parts: {n: values.length}};

/** How like the teacher the vectors are: the announcement gives no number for it. */
const similarity = (results: Results) => {
  const runs = results.distillation.filter(d => d.arm === results.headline?.a);
  const of = (key: keyof Distillation['final']): number[] =>
    runs.flatMap(run => (typeof run.final[key] === 'number' ? [run.final[key]] : []));
  const [spearman] = cellsOf(results).filter(
    c => c.arm === results.headline?.a && c.metric === 'spearman' && /^sts/.test(c.task),
  );
  return [
    {what: "Mean cosine to the teacher's vectors", ours: over(of('heldOutCosine'), v => fixed(v, 3))},
    {what: "Correlation with the teacher's similarities", ours: over(of('similaritySpearman'), v => fixed(v, 3))},
    ...(spearman
      ? [{what: `Similarity, ${spearman.task} (Spearman × 100)`, ours: over([...spearman.values], v => points(v))}]
      : []),
  ].filter(row => row.ours);
};

export default defineTable({
  title: "LTD-BERT's headline: size, speed, similarity",
  timed: true,
  columns: [
    {key: 'what', title: 'What'},
    {key: 'published', title: 'Published', align: 'right'},
    {key: 'ours', title: 'Ours', align: 'right'},
  ],
  rows: (data: ReportData) => [
    ...published
      .rows({...data, results: {...data.results, published: [...ltdBert]}})
      .map(({what, published, ours}) => ({what, published, ours})),
    ...similarity(data.results).map(({what, ours}) => ({what, published: null, ours})),
  ],
  legend: ({results}: ReportData) => [
    `Published: ${ltdBert[0]?.source ?? ''}; it gives no number for similarity.`,
    ...(results.distillation.length > 0 ? ['Ours: medians over distillation runs, on held-out sentences.'] : []),
  ],
});
