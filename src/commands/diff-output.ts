import {diffMarkdown} from '../report/diff-markdown.ts';
import {summary} from '../report/diff-summary.ts';
import type {ProjectDiff, ReportDiff} from './diff-project.ts';
import {explanationMarkdown} from './explain-markdown.ts';

/** What a GitHub comment takes. */
export const longestComment = 65_536;

export const diffsJson = (diff: ProjectDiff): string => JSON.stringify(diff, null, 2);

/** Rows a table may keep, tried from the left until the whole fits. */
const cuts = [Infinity, 500, 200, 100, 50, 20, 10, 5, 2, 0];

/** Markdown of at most `maxChars` characters: tables are cut, and say by how much; at last only the summaries stay. */
export const diffsMarkdown = (diff: ProjectDiff, maxChars = longestComment): string =>
  fitted(diff, maxChars, reportMarkdown);

/** The same without what explains it. */
export const resultsMarkdown = (diff: ProjectDiff, maxChars = longestComment): string =>
  fitted(diff, maxChars, resultsOnly);

type Render = (report: ReportDiff, isOneOfMany: boolean, most: number) => string;

const fitted = (diff: ProjectDiff, maxChars: number, render: Render): string => {
  for (const most of cuts) {
    const text = markdown(diff, report => render(report, diff.reports.length > 1, most));
    if (text.length <= maxChars) return text;
  }
  const end = '\n\n… cut for length; `pipeline diff --json` has everything.';
  const text = markdown(
    diff,
    ({folder, results}) => `**${folder}: ${results ? summary(results) : 'on one side only.'}**`,
  );
  return text.length + end.length <= maxChars
    ? text + end
    : `${text.slice(0, Math.max(0, maxChars - end.length))}${end}`;
};

const markdown = (diff: ProjectDiff, body: (report: ReportDiff) => string): string => {
  const name = ({name, commit}: ProjectDiff['old']): string =>
    commit === null || commit.startsWith(name) ? name : `${name} (${commit.slice(0, 10)})`;
  const head = `## ${name(diff.old)} → ${name(diff.new)}`;
  return [head, ...diff.reports.map(body)].join('\n\n').trimEnd();
};

const resultsOnly: Render = ({folder, only, results}, isOneOfMany, most) => {
  const body = results === null ? `**This report is only on the ${only} side.**\n` : diffMarkdown(results, most);
  return [...(isOneOfMany ? [`## ${folder}\n`] : []), body].join('\n');
};

const reportMarkdown: Render = (report, isOneOfMany, most) => {
  const {results, explanation} = report;
  const isQuiet = (results?.same ?? false) && explanation.causes.length === 0;
  return [resultsOnly(report, isOneOfMany, most), ...(isQuiet ? [] : [explanationMarkdown(explanation, most)])].join(
    '\n',
  );
};
