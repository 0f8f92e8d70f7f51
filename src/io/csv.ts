import {readFileSync} from 'node:fs';

/**
 * Rows of a comma-separated file as RFC 4180 has it: a cell in quotes may hold commas, line ends and doubled quotes. A byte
 * order mark, CRLF and a missing final newline are understood; empty lines are left out. Rows keep the number of the line
 * that they begin at (1-based). A quote that is never closed is an error that names its line.
 */
export function* readCsv(path: string): Generator<{readonly line: number; readonly cells: readonly string[]}> {
  const text = readFileSync(path, 'utf8');
  let at = text.startsWith('\ufeff') ? 1 : 0;
  for (let line = 1; at < text.length;) {
    const first = line;
    const cells: string[] = [];
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        const open = line;
        for (at++; ; at++) {
          const end = text.indexOf('"', at);
          if (end < 0) throw new Error(`${path}:${open}: a quote is opened and never closed; expected comma-separated values.`); // prettier-ignore
          cell += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          cell += '"'; // two quotes are one
        }
        line += cell.split('\n').length - 1;
      }
      const rest = /[,\r\n]/g;
      rest.lastIndex = at;
      const end = rest.exec(text)?.index ?? text.length;
      cells.push(cell + text.slice(at, end));
      at = end;
      if (text[at] !== ',') break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    if (cells.length > 1 || cells[0] !== '') yield {line: first, cells};
  }
}
