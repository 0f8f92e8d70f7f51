import {armsOf} from './cells.ts';
import {corpusTables} from './corpus-table.ts';
import type {ReportData} from './data.ts';
import type {Fact} from './facts.ts';
import {findings} from './findings.ts';
import {listed} from './format.ts';
import {mermaid, type StageFact} from './mermaid.ts';
import {groupBy} from './order.ts';
import {poolingTables} from './poolings-table.ts';
import type {Results} from './results.ts';
import {bullets, folded, paragraphs, pictureBlock, tableSection, type NamedTable, type Picture} from './sections.ts';
import {taskTable} from './task-table.ts';

export interface Report {
  readonly title: string;
  readonly question: string | null;
  /** What arms are, in words; the others are listed by their names alone. */
  readonly arms: Readonly<Record<string, string>>;
  /** Further sentences on what was compared. */
  readonly notes: readonly string[];
  readonly data: ReportData;
  readonly tables: readonly NamedTable[];
  readonly pictures: readonly Picture[];
  readonly corpus: readonly Fact[];
  readonly tasks: readonly Fact[];
  readonly poolings: readonly Fact[];
  readonly stages: readonly StageFact[];
  readonly hasCost: boolean;
  /** Lines of the footer besides the seeds. */
  readonly provenance: readonly string[];
}

/** Nothing that a reader would look for is left out silently. */
const missing = ({data: {results}, corpus, hasCost}: Report): string[] => [
  ...(results.scores.length === 0 ? ['scores of any arm'] : []),
  ...(results.tests.length === 0 ? ['significance tests'] : []),
  ...(results.distillation.length === 0
    ? ["measurements of how close the student's vectors come to the teacher's"]
    : []),
  ...(hasCost ? [] : ['measurements of size and speed']),
  ...(corpus.length === 0 ? ['an account of what was dropped from the text'] : []),
];

const seedLines = (results: Results): string[] => {
  const seeds = [...groupBy(results.scores, s => s.arm)].map(([arm, runs]) => {
    const own = [...new Set(runs.map(r => r.seed))].sort((a, b) => (a ?? -1) - (b ?? -1));
    return [arm, own.map(seed => seed ?? 'none').join(', ')] as const;
  });
  return [...groupBy(seeds, ([, own]) => own)].map(
    ([own, group]) => `Seeds of ${listed(armsOf(group.map(([arm]) => arm)).map(arm => `\`${arm}\``))}: ${own}.`,
  );
};

const defaultQuestion = ({headline}: Results): string | null =>
  headline
    ? `Is \`${headline.a}\` better than \`${headline.b}\`, and by more than the seeds alone would explain?`
    : null;

const sizeAndSpeed = ({hasCost, tables}: Report): string => {
  const timed = tables.filter(({table}) => table.timed).map(({table}) => table.title);
  if (!hasCost && timed.length === 0) return '';
  return paragraphs([
    '## Size and speed',
    'Measured sizes, speeds and their ratios are in [cost.md](cost.md), apart from this page because timings vary.',
    timed.length > 0 ? bullets(timed.map(title => `There too: ${title}.`)) : '',
  ]);
};

/** Each picture once: below the first table that asks for it, else in a section of its own. */
const tableSections = ({tables, pictures, data}: Report): string[] => {
  const left = new Set(pictures);
  const sections = tables
    .filter(({table}) => !table.timed)
    .map(({table}) => {
      const own = [...left].filter(p => table.pictures?.includes(p.name));
      for (const picture of own) left.delete(picture);
      return tableSection(table, data, own);
    });
  return [...sections, ...(left.size > 0 ? ['## Pictures', ...[...left].map(pictureBlock)] : [])];
};

/** index.md: the same for the same results, whenever and wherever it's made. One sentence a line, for git's sake. */
export const renderReport = (report: Report): string => {
  const {results} = report.data;
  const arms = armsOf(results.scores.map(s => s.arm));
  const gaps = missing(report);
  return `${paragraphs([
    `# ${report.title}`,
    report.question ?? defaultQuestion(results) ?? '',
    '## What was found',
    findings(results).join('\n'),
    gaps.length > 0 ? `This report lacks ${listed(gaps)}.` : '',
    arms.length > 0 ? '## What was compared' : '',
    bullets(arms.map(arm => (report.arms[arm] === undefined ? `\`${arm}\`` : `\`${arm}\`: ${report.arms[arm]}`))),
    report.notes.join('\n'),
    ...tableSections(report),
    sizeAndSpeed(report),
    report.poolings.length > 0 ? `## The teacher by pooling\n\n${poolingTables(report.poolings).trimEnd()}` : '',
    report.tasks.length > 0 ? `## Tasks\n\n${taskTable(report.tasks).trimEnd()}` : '',
    report.corpus.length > 0
      ? `## What was kept of the text, and what was dropped\n\n${corpusTables(report.corpus).trimEnd()}`
      : '',
    report.stages.length > 0 ? `## The pipeline\n\n${mermaid(report.stages)}` : '',
    folded(
      'Where this comes from',
      bullets([
        ...seedLines(results),
        ...report.provenance,
        'All numbers at full precision: [results.json](results.json); every table and sentence above is made from it, and each table is in `tables/` as CSV and LaTeX.',
      ]),
    ),
  ])}\n`;
};
