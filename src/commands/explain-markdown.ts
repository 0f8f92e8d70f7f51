import {plural} from '../report/format.ts';
import {gfm} from '../report/table.ts';
import {valueText} from '../reporters/reason-text.ts';
import type {Cause, Explanation} from './explain.ts';

const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{16,}|^sha|^dir/.test(value);

const change = ({kind, was, now}: Cause): string => {
  if (kind === 'stage-added') return 'came';
  if (kind === 'stage-removed') return 'went';
  if (kind === 'output-differs') return 'same inputs, other output';
  const isContent = kind === 'input-changed' || kind === 'code-changed' || isHash(was ?? now);
  if (isContent)
    return was === null || was === undefined ? 'added' : now === null || now === undefined ? 'removed' : 'edited';
  const text = (value: unknown): string =>
    value === null || value === undefined ? 'unset' : valueText(value).replace(/^"(.*)"$/s, '$1');
  return `${text(was)} → ${text(now)}`;
};

const names: Readonly<Record<Cause['kind'], string>> = {
  'first-run': 'stage',
  'command-changed': 'command',
  'param-changed': 'param',
  'env-changed': 'environment',
  'input-changed': 'file',
  'code-changed': 'code',
  'package-changed': 'package',
  'engine-changed': 'engine',
  'output-missing': 'output',
  'output-edited': 'output',
  forced: 'stage',
  always: 'stage',
  'stage-added': 'stage',
  'stage-removed': 'stage',
  'output-differs': 'stage',
};

const stagesText = (stages: Cause['stages']): string =>
  Object.entries(stages)
    .map(([stage, count]) => (count === 1 ? stage : `${stage} × ${count}`))
    .join(', ');

/** What explains the differences: each edit, the stages that read it, and whether a way leads from there to the report. */
export const explanationMarkdown = ({causes, notes}: Explanation, most = Infinity): string => {
  const rows = causes.map(cause => [
    `${names[cause.kind]} \`${cause.key}\``,
    change(cause),
    stagesText(cause.stages),
    cause.reachesReport === null ? 'not known' : cause.reachesReport ? 'yes' : 'no',
  ]);
  const left = rows.length - most;
  const table =
    rows.length > 0 && most > 0 ? gfm(['What', 'Change', 'In stages', 'Reaches the report'], rows.slice(0, most)) : '';
  const said = [
    ...notes.map(note => `${note[0]?.toUpperCase()}${note.slice(1)}.`),
    ...(causes.length === 0 && notes.length === 0 ? ['No recorded input of any stage differs.'] : []),
    ...(left > 0 ? [`… and ${plural(left, 'more row')}, left out for length.`] : []),
  ];
  return ['### What explains it\n', ...(table === '' ? [] : [table]), ...said.map(line => `${line}\n`)].join('\n');
};
