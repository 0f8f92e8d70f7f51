import {ratiosOf, times} from '../cost.ts';
import type {ReportData} from '../data.ts';
import {fixed, megabytes, millions, plural, thousands} from '../format.ts';
import {macroScore, nineColumnAverage} from '../paper/glue-columns.ts';
import {retained} from '../paper/retained.ts';
import {defineTable} from '../table.ts';

const percent = (share: number): string => `${fixed(100 * share, 0)} %`;

/** Our number for what a published entry asks; timings only where the cost is at hand. */
const ours: Readonly<Record<string, (data: ReportData) => string | null>> = {
  'student-size': ({results: {sizes}}) =>
    sizes && `${megabytes(sizes.student.bytes)}, ${millions(sizes.student.parameters)} parameters`,
  'size-ratio': ({results: {sizes}}) => {
    if (!sizes) return null;
    const {teacher, bertBase, student} = sizes;
    const of = ({bytes}: {readonly bytes: number}): string => `1/${(bytes / student.bytes).toFixed(1)}`;
    return bertBase ? `${of(bertBase)} of BERT-base, ${of(teacher)} of the teacher` : of(teacher);
  },
  'speed-ratio': ({results, cost}) => {
    if (!cost) return results.sizes && 'see [cost.md](cost.md)';
    const {speedBatch1, speedBatch32} = ratiosOf(cost, cost.bertBase);
    return `${times(speedBatch1)} one at a time, ${times(speedBatch32)} in batches of 32${cost.bertBase ? ' (BERT-base)' : ''}, ${plural(cost.threads, 'thread')}`;
  },
  'parameters-saved': ({results: {sizes}}) => sizes && percent(1 - sizes.student.parameters / sizes.teacher.parameters),
  'time-saved': ({results, cost}) => {
    if (!cost) return results.sizes && 'see [cost.md](cost.md)';
    const {speedBatch1, speedBatch32} = ratiosOf(cost);
    return `${percent(speedBatch1 - 1)} one at a time, ${percent(speedBatch32 - 1)} in batches of 32`;
  },
  'macro-score-kept': ({results}) => retained(results, macroScore, {student: 'distilbert', teacher: 'teacher'}),
  'average-kept': ({results}) => retained(results, nineColumnAverage, {student: 'lrc-bert', teacher: 'teacher'}),
  sentences: ({results}) => {
    const counts = results.distillation.flatMap(d => d.sentences ?? []);
    return counts.length === 0 ? null : thousands(Math.max(...counts));
  },
};

export default defineTable({
  title: 'Beside the published numbers',
  columns: [
    {key: 'paper', title: 'Paper'},
    {key: 'what', title: 'What'},
    {key: 'published', title: 'Published', align: 'right'},
    {key: 'ours', title: 'Ours', align: 'right'},
    {key: 'note', title: 'Note'},
  ],
  rows: (data: ReportData) =>
    data.results.published.map(entry => ({
      paper: entry.paper,
      what: entry.what,
      published: entry.verified ? entry.value : `${entry.value} (unverified)`,
      ours: ours[entry.ours ?? '']?.(data) ?? null,
      note: entry.note ?? '',
    })),
  legend: ({results}: ReportData) => [
    ...new Set(
      results.published.map(
        p => `${p.paper}: ${p.source}${p.verified ? '' : ' (unverified: not read in the source itself)'}.`,
      ),
    ),
  ],
});
