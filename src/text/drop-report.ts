import type {DropTally} from './drop-tally.ts';

/** Reason → what it means to a reader. */
export type ReasonMeanings = Readonly<Record<string, string>>;

type Dropped = ReturnType<DropTally['toJSON']>;

/** dropped.md: what came in, what stayed, and why the rest did not, with examples. */
export const dropReport = (dropped: Dropped, meanings: ReasonMeanings, notes: readonly string[]): string => {
  const sources = Object.keys(dropped.read);
  const lines = [
    '# What was dropped from the corpus, and why',
    '',
    row(['', ...sources, 'all']),
    row(['---', ...sources.map(() => '--:'), '--:']),
    countRow('sentences read', sources, dropped.read),
    ...Object.entries(dropped.dropped).map(([reason, {bySource}]) =>
      countRow(`− ${meanings[reason] ?? reason}`, sources, bySource),
    ),
    countRow('**kept**', sources, dropped.kept),
    '',
    ...notes.flatMap(note => [note, '']),
  ];
  for (const [reason, {count, examples}] of Object.entries(dropped.dropped)) {
    if (count === 0) continue;
    lines.push(`## ${meanings[reason] ?? reason} (${count.toLocaleString('en-US')})`, '');
    for (const {text, source, like} of examples) {
      lines.push(`- ${code(text)} (${source})${like === undefined ? '' : `, like ${code(like)}`}`);
    }
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
};

const row = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const countRow = (name: string, sources: readonly string[], counts: Readonly<Record<string, number>>): string => {
  const values = sources.map(source => counts[source] ?? 0);
  const all = values.reduce((sum, value) => sum + value, 0);
  return row([name, ...[...values, all].map(value => value.toLocaleString('en-US'))]);
};

/** Inline code that survives any text: a fence longer than its longest run of backticks. */
const code = (text: string): string => {
  const runs = text.match(/`+/g)?.map(run => run.length) ?? [0];
  const fence = '`'.repeat(Math.max(...runs) + 1);
  const pad = /^`|`$|^$/.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
};
