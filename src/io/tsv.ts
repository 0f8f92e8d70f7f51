import {readFileSync} from 'node:fs';
import {open} from 'node:fs/promises';

/**
 * Rows of a tab-separated file with quoting off, as GLUE's are: a `"` is a character. A byte order mark, CRLF and a
 * missing final newline are understood; empty lines are left out. Rows keep their line numbers (1-based) for messages.
 */
export function* readTsv(path: string): Generator<{readonly line: number; readonly cells: readonly string[]}> {
  const text = readFileSync(path, 'utf8');
  let line = 0;
  for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length;) {
    // Only \n ends a line: some of GLUE's texts hold other separators of Unicode, which String methods do not split at.
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    line++;
    const row = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
    if (row !== '') yield {line, cells: row.split('\t')};
    start = end + 1;
  }
}

/** A cell that cannot break the row: tabs and line ends become spaces. */
const cell = (text: string): string => text.replace(/[\t\n\r]+/g, ' ');

/** Writes rows as `readTsv` reads them, in pieces, so that memory stays flat. */
export const writeTsv = async (path: string, rows: Iterable<readonly string[]>): Promise<void> => {
  const file = await open(path, 'w');
  try {
    let buffered: string[] = [];
    const flush = async () => {
      await file.writeFile(buffered.join(''));
      buffered = [];
    };
    for (const row of rows) {
      buffered.push(`${row.map(cell).join('\t')}\n`);
      if (buffered.length === 4096) await flush();
    }
    await flush();
  } finally {
    await file.close();
  }
};
