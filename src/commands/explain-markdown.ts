import {cutTable, foldedTable} from '../report/diff-tables.ts';
import {listed, plural} from '../report/format.ts';
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

/** `all 5 changed cells`, `2 of 5: topic ltd and sim ltd`, `the report, but none of them`, `no`. */
const reachText = ({cells, reachesReport}: Cause, traced: number): string => {
  if (reachesReport === null) return 'not known';
  if (!reachesReport) return 'no';
  if (traced === 0) return 'yes';
  if (cells.length === 0) return 'yes, but no cell that differs';
  if (cells.length === traced) return traced === 1 ? `yes: ${cells[0]}` : `yes: all ${traced} cells that differ`;
  const named = cells.length <= 3 ? `: ${cells.join('; ')}` : '';
  return `yes: ${cells.length} of ${traced} cells that differ${named}`;
};

/** Up to so many files of code and packages stand among the other causes; more are folded. */
const fewest = 8;

/** `12 files of code and 3 packages, in evaluate, report`: the fold's title says what a reader may skip. */
const bulkTitle = (bulk: readonly Cause[]): string => {
  const files = bulk.filter(cause => cause.kind === 'code-changed').length;
  const stages = [...new Set(bulk.flatMap(cause => Object.keys(cause.stages)))].sort();
  const parts = [
    ...(files > 0 ? [plural(files, 'file of code', 'files of code')] : []),
    ...(bulk.length > files ? [plural(bulk.length - files, 'package')] : []),
  ];
  return `${listed(parts)} changed, in ${stages.join(', ')}`;
};

/** What explains the differences: each edit, the stages that read it, and which cells a way leads to from there. */
export const explanationMarkdown = (explanation: Explanation, most = Infinity): string => {
  const {causes, notes, traced, unexplained} = explanation;
  const row = (cause: Cause): string[] => [
    `${names[cause.kind]} \`${cause.key}\``,
    change(cause),
    stagesText(cause.stages),
    reachText(cause, traced.length),
  ];
  const head = ['What', 'Change', 'In stages', 'Reaches the report'];
  const isBulk = ({kind}: Cause): boolean => kind === 'code-changed' || kind === 'package-changed';
  const bulk = causes.filter(isBulk).length > fewest ? causes.filter(isBulk) : [];
  const first = causes.filter(cause => !bulk.includes(cause));
  const left = first.length - most;
  const table = first.length > 0 && most > 0 ? gfm(head, first.slice(0, most).map(row)) : '';
  const said = [
    ...notes.map(note => `${note[0]?.toUpperCase()}${note.slice(1)}.`),
    ...(causes.length === 0 && notes.length === 0 ? ['No recorded input of any stage differs.'] : []),
    ...(left > 0 ? [`… and ${plural(left, 'more row')}, left out for length.`] : []),
    ...(unexplained.length > 0
      ? [
          `No recorded change reaches ${plural(unexplained.length, 'cell')} that differ${unexplained.length === 1 ? 's' : ''}${unexplained.length <= 5 ? ` (${unexplained.join('; ')})` : ''}: another machine, or a stage that is not deterministic.`,
        ]
      : []),
  ];
  return [
    '### What explains it\n',
    ...(table === '' ? [] : [table]),
    ...(bulk.length > 0 ? [foldedTable(bulkTitle(bulk), cutTable(head, bulk.map(row), most, head.length))] : []),
    ...said.map(line => `${line}\n`),
  ].join('\n');
};
