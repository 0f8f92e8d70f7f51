/** One text that errors can point into: the pipeline file, or the value of a `--set` option. */
export class SourceText {
  /** As printed before the position: a path relative to the current folder, or the option as typed. */
  readonly name: string;
  readonly text: string;
  /** An option has no lines: its errors carry line 0. */
  readonly isOption: boolean;
  #lineStarts: number[] | null = null;

  constructor(name: string, text: string, isOption = false) {
    this.name = name;
    this.text = text;
    this.isOption = isOption;
  }

  /** 1-based line and column (in UTF-16 code units) of an offset, and the text of that line. */
  position(offset: number): {line: number; column: number; lineText: string} {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const start = starts[low]!;
    const next = starts[low + 1] ?? this.text.length + 1;
    return {line: low + 1, column: offset - start + 1, lineText: this.text.slice(start, next - 1).replace(/\r$/, '')};
  }
}

const lineStarts = (text: string): number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

/** A stretch of a source, by offsets; `end` is exclusive. */
export interface Place {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}
