import type {ReportData} from '../data.ts';
import {listed, plural} from '../format.ts';
import {hypothesisInWords, testInWords} from '../test-words.ts';
import {armRuns, coveredMean} from './measured.ts';
import {measurePaper, type Line} from './measure-paper.ts';
import type {PaperSpec} from './paper-table.ts';
import {publishedNotes} from './published-table.ts';

/** What the marks of a paper's table mean, made from what is in it. */
export const paperLegend = (spec: PaperSpec, data: ReportData): string[] => {
  const lines = measurePaper(spec, data);
  return [
    ...(lines.length === 0 ? ['None of our arms is in this table yet: only published numbers are printed.'] : []),
    ...ours(spec, lines),
    ...averages(spec, data),
    ...(lines.length === 0 ? [] : (spec.notes?.(data) ?? [])),
    ...publishedNotes(spec.published),
  ];
};

const ours = (spec: PaperSpec, lines: readonly Line[]): string[] => {
  const measured = lines.flatMap(line => line.columns.map(column => ({...column, row: line.row})));
  const scored = measured.filter(m => m.runs.length > 0);
  if (scored.length === 0) return [];
  const several = scored.some(m => m.runs.length > 1);
  const tests = scored.flatMap(m => m.tests);
  const kinds = [...new Set(tests.map(test => test.kind))];
  const words = kinds.map(kind => {
    const test = {kind, null: kind === 'bootstrap-median' ? 'recentred' : undefined, task: '', a: '', b: '', n: []};
    const full = {...test, p: null, adjusted: null, effect: null};
    return `${testInWords(full)}${hypothesisInWords(full)}`;
  });
  const correction = `after Holm over the ${plural(tests.length, 'test')} of this table`;
  const references = [...new Set(spec.rows.flatMap(row => (row.arm === undefined ? [] : (row.against ?? []))))];
  return [
    several
      ? `Ours: scores × 100, the ${spec.centre} over seeds ± the sample standard deviation${scored.some(m => m.reference) ? '; rows of differences have the difference of these and in brackets the 95 % interval of the difference of medians, by the bootstrap' : ''}.`
      : 'Ours: scores × 100, of one run each.',
    ...(tests.length > 0 && spec.marks === 'stars'
      ? [
          `\\*, \\*\\*, \\*\\*\\*: better than ${references.length > 1 ? 'all of' : ''} ${listed(references.map(arm => `\`${arm}\``))} with p < .05, .01, .001 (the largest p counts) by ${listed(words)}, ${correction}.`.replace(
            '  ',
            ' ',
          ),
        ]
      : []),
    ...(tests.length > 0 && spec.marks === 'p'
      ? [
          `p: against ${listed(references.map(arm => `\`${arm}\``))}${references.length > 1 ? ', the largest,' : ''} by ${listed(words)}, ${correction}.`,
        ]
      : []),
    ...(tests.length === 0 && references.length > 0
      ? ['No marks: there are no two arms with several runs to test.']
      : []),
    ...(tests.some(test => test.kind === 'bootstrap-median')
      ? ['The paper names "bootstrap hypothesis tests" but does not define the procedure: ours need not be theirs.']
      : []),
    ...(several
      ? [
          'Bold: better than every other arm of its column by more than seed noise (exact Mann-Whitney, p < .05 after Holm over the arms).',
        ]
      : []),
  ];
};

/** An average over fewer tasks than the paper's is no match for it. */
const averages = (spec: PaperSpec, {results}: ReportData): string[] => {
  const arms = spec.rows.flatMap(row => (row.arm === undefined ? [] : armRuns(results, row.arm, spec.split ?? 'dev')));
  return spec.columns.flatMap(({name, measure}) => {
    if (measure.kind !== 'mean' || arms.length === 0) return [];
    const covered = coveredMean(measure, arms);
    if (!covered) return [`${name}: no task of it has scores of every arm here.`];
    return covered.tasks.length === covered.of
      ? [`${name}: each seed's mean over ${plural(covered.of, 'column')}, as in the paper.`]
      : [
          `${name}, ours: each seed's mean over ${listed(covered.tasks)}, ${covered.tasks.length} of the paper's ${covered.of} columns: not comparable with the published one.`,
        ];
  });
};
