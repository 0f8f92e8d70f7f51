import {bootstrapTestDefinition} from '../../math/bootstrap-definition.ts';
import type {ReportData} from '../data.ts';
import {listed, plural} from '../format.ts';
import {strayWarnings, testName} from '../test-words.ts';
import {bootstrapOfTable, type PaperTest} from './judge-paper.ts';
import {coveredMean, onSplit, type Measure} from './measured.ts';
import {armsOfTable, measurePaper, type Line} from './measure-paper.ts';
import type {PaperSpec} from './paper-spec.ts';
import {publishedNotes} from './published-table.ts';

/** What the marks of a paper's table mean, made from what is in it. */
export const paperLegend = (spec: PaperSpec, data: ReportData): string[] => {
  const lines = measurePaper(spec, data);
  return [
    ...(lines.length === 0 ? ['None of our arms is in this table yet: only published numbers are printed.'] : []),
    ...ours(spec, lines),
    ...averages(spec, data),
    ...otherSplits(spec, data, lines),
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
  const isOfDifferences = scored.some(m => m.reference);
  return [
    several
      ? `Ours: scores × 100, the ${spec.centre} over seeds ± the sample standard deviation${isOfDifferences ? '; rows of differences have the difference of these and in brackets the 95 % interval of the difference of medians, by the bootstrap' : ''}.`
      : 'Ours: scores × 100, of one run each.',
    ...marks(spec, tests),
    ...(several
      ? [
          'Bold: better than every other arm of its column by more than seed noise (exact Mann-Whitney, p < .05 after Holm over the arms).',
        ]
      : []),
  ];
};

const marks = (spec: PaperSpec, tests: readonly PaperTest[]): string[] => {
  const references = [...new Set(spec.rows.flatMap(row => (row.arm === undefined ? [] : (row.against ?? []))))];
  if (tests.length === 0)
    return references.length > 0 ? ['No marks: there are no two arms with several runs to test.'] : [];
  const words = listed([...new Set(tests.map(test => testName(test.kind)))]);
  const correction = `after Holm over the ${plural(tests.length, 'test')} of this table`;
  const arms = listed(references.map(arm => `\`${arm}\``));
  const isBootstrap = tests.some(test => test.kind === 'bootstrap-median');
  return [
    spec.marks === 'stars'
      ? `\\*, \\*\\*, \\*\\*\\*: better than ${references.length > 1 ? `all of ${arms}` : arms} with p < .05, .01, .001 (the largest p counts) by ${words}, ${correction}.`
      : `p: against ${arms}${references.length > 1 ? ', the largest,' : ''} by ${words}, ${correction}.`,
    ...(isBootstrap
      ? [
          `${bootstrapTestDefinition('median', bootstrapOfTable)} It is never taken as smaller than fully separated runs could show: 2 / C(n + m, n).`,
          'The paper names "bootstrap hypothesis tests" but does not define the procedure: ours need not be theirs.',
        ]
      : []),
    ...strayWarnings(tests.map(test => ({...test, null: bootstrapOfTable.null}))),
  ];
};

/** An average over fewer tasks than the paper's is no match for it. */
const averages = (spec: PaperSpec, data: ReportData): string[] => {
  const arms = armsOfTable(spec, data);
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

/** Where the paper has test scores and we have no labels there. */
const otherSplits = (spec: PaperSpec, data: ReportData, lines: readonly Line[]): string[] => {
  const arms = armsOfTable(spec, data);
  const splitsOf = (measure: Measure) => (measure.kind === 'score' ? (measure.splits ?? []) : []);
  return spec.columns.flatMap(({name, measure}, i) => {
    const [wanted, ...others] = splitsOf(measure);
    const [found] = splitsOf(onSplit(measure, arms));
    const isOther = others.length > 0 && found !== wanted && lines.some(line => line.columns[i]!.runs.length > 0);
    return isOther ? [`${name}, ours: on ${found}; the published number is on ${wanted}.`] : [];
  });
};
