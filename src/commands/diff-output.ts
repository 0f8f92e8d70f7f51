import {diffMarkdown, longestComment} from '../report/diff-markdown.ts';
import type {ProjectDiff, ReportDiff} from './diff-project.ts';
import {explanationMarkdown} from './explain-markdown.ts';

export const diffsJson = (diff: ProjectDiff): string => JSON.stringify(diff, null, 2);

/** Rows a table may keep, tried from the left until the whole fits into a comment on GitHub. */
const cuts = [Infinity, 500, 200, 100, 50, 20, 5, 0];

/** Markdown of at most 65,536 characters: tables are cut, and say by how much. */
export const diffsMarkdown = (diff: ProjectDiff): string => {
  for (const most of cuts) {
    const text = markdown(diff, most);
    if (text.length < longestComment) return text;
  }
  return `${markdown(diff, 0).slice(0, longestComment - 200)}\n\n… cut for length; \`pipeline diff --json\` has everything.`;
};

const markdown = (diff: ProjectDiff, most: number): string => {
  const name = ({name, commit}: ProjectDiff['old']): string =>
    commit === null || commit.startsWith(name) ? name : `${name} (${commit.slice(0, 10)})`;
  const head = `## ${name(diff.old)} → ${name(diff.new)}`;
  return [head, ...diff.reports.map(report => reportMarkdown(report, diff.reports.length > 1, most))]
    .join('\n\n')
    .trimEnd();
};

const reportMarkdown = (report: ReportDiff, isOneOfMany: boolean, most: number): string => {
  const {folder, only, results, explanation} = report;
  const body = results === null ? `**This report is only on the ${only} side.**\n` : diffMarkdown(results, most);
  const isQuiet = (results?.same ?? false) && explanation.causes.length === 0;
  return [
    ...(isOneOfMany ? [`## ${folder}\n`] : []),
    body,
    ...(isQuiet ? [] : [explanationMarkdown(explanation, most)]),
  ].join('\n');
};
