import type {TerminalStream} from '../../src/reporters/live-lines.ts';

export interface Screen extends TerminalStream {
  columns: number;
  rows: number;
  /** What a person would see, lines without the blanks at their ends. */
  lines(): string[];
  isCursorVisible(): boolean;
}

/**
 * A terminal of a few dozen lines: it wraps at the right margin as xterm does (the cursor stays in the last column until
 * the next character comes), moves up, erases below, hides the cursor. Anything else that is written to it throws.
 */
export const createScreen = (columns: number, rows: number): Screen => {
  const cells: string[][] = [[]];
  let row = 0;
  let column = 0;
  let visible = true;
  const write = (text: string): void => {
    for (let at = 0; at < text.length;) {
      const rest = text.slice(at);

      const escape = /^\u001b\[(\?)?(\d*)([A-Za-z])/.exec(rest);
      if (escape) {
        const [whole, isPrivate, count, letter] = escape;
        if (letter === 'A') row = Math.max(0, row - Number(count || 1));
        else if (letter === 'J') {
          cells.length = row + 1;
          cells[row]?.splice(column);
        } else if (isPrivate && count === '25') visible = letter === 'h';
        else if (letter !== 'm') throw new Error(`unexpected escape sequence ${JSON.stringify(whole)}`);
        at += whole.length;
        continue;
      }
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      at += character.length;
      if (character === '\r') column = 0;
      else if (character === '\n') {
        row += 1;
        column = 0;
        cells[row] ??= [];
      } else {
        if (column >= screen.columns) {
          row += 1;
          column = 0;
          cells[row] ??= [];
        }
        const line = (cells[row] ??= []);
        while (line.length < column) line.push(' ');
        line[column] = character;
        column += 1;
      }
    }
  };
  const screen: Screen = {
    columns,
    rows,
    write,
    lines: () => cells.map(line => line.join('').trimEnd()),
    isCursorVisible: () => visible,
  };
  return screen;
};
