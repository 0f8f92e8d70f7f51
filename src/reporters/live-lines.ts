import {displayWidth, truncate} from './display-width.ts';

/** Where the lines go: `process.stderr`, or in tests a record of what was written. */
export interface TerminalStream {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** To the first column, then everything from here to the end of the screen. */
const eraseBelow = '\r\u001b[J';

/** Some lines at the bottom of the terminal that are drawn again and again, and lines above them that stay. */
export interface LiveLines {
  /** Replaces the live lines. */
  draw(lines: readonly string[]): void;
  /** Puts lines above the live ones, which stay unless others are given; they scroll away like any output. */
  print(lines: readonly string[], live?: readonly string[]): void;
  /** Removes the live lines and gives the cursor back. */
  close(): void;
}

export const createLiveLines = (stream: TerminalStream): LiveLines => {
  let drawn: readonly string[] = [];
  let isCursorHidden = false;

  /**
   * The cursor rests at the end of the last live line. A terminal that was made narrower since has wrapped what was
   * drawn, so the rows to go up are counted at the present width.
   */
  const erase = (): string => {
    if (drawn.length === 0) return '';
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns())), 0);
    return (rows > 1 ? `\u001b[${rows - 1}A` : '') + eraseBelow;
  };
  const columns = (): number => Math.max(1, stream.columns || 80);
  const put = (above: readonly string[], live: readonly string[]): void => {
    // One row stays free for the line the shell or a warning may write; one column, or the terminal would wrap by itself.
    const fitting = live.slice(-Math.max(1, (stream.rows || 24) - 1)).map(line => truncate(line, columns() - 1));
    const cursor = isCursorHidden || fitting.length === 0 ? '' : hideCursor;
    stream.write(cursor + erase() + above.map(line => `${line}\n`).join('') + fitting.join('\n'));
    isCursorHidden ||= fitting.length > 0;
    drawn = fitting;
  };
  return {
    draw: lines => put([], lines),
    print: (lines, live = drawn) => put(lines, live),
    close() {
      if (drawn.length > 0 || isCursorHidden) stream.write(erase() + (isCursorHidden ? showCursor : ''));
      drawn = [];
      isCursorHidden = false;
    },
  };
};
