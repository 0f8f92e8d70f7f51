import type {Place} from './source-text.ts';

/** What can be wrong with a pipeline file; codes are for programs, the wording is in the message. */
export type ConfigErrorCode =
  | 'file-not-found'
  | 'file-unreadable'
  | 'not-utf8'
  | 'yaml-syntax'
  | 'too-large'
  | 'duplicate-key'
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'wrong-version'
  | 'bad-name'
  | 'bad-value'
  | 'bad-reference'
  | 'unknown-name'
  | 'unknown-var'
  | 'unknown-profile'
  | 'unknown-stage'
  | 'unknown-stage-type'
  | 'broken-stage-type'
  | 'unknown-input'
  | 'unknown-output'
  | 'unknown-axis'
  | 'unknown-axis-value'
  | 'missing-input'
  | 'too-many-inputs'
  | 'invalid-param'
  | 'unknown-param'
  | 'empty-matrix'
  | 'duplicate-axis-value'
  | 'duplicate-output'
  | 'nested-output'
  | 'outside-project'
  | 'reads-own-output'
  | 'var-cycle'
  | 'stage-cycle'
  | 'contradiction';

/** One mistake of the user's, as data. */
export interface ConfigError {
  readonly code: ConfigErrorCode;
  /** Path relative to the current folder, or the option (`--set a=1`) that the mistake is in. */
  readonly file: string;
  /** 1-based; 0 when the mistake has no line (an option, a missing file). */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  /** A whole sentence: `Did you mean "train-student"?`. */
  readonly suggestion?: string;
  readonly sourceLine?: string;
}

export interface ErrorDetails {
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly suggestion?: string | undefined;
}

/** An error that has no place in a text. */
export const errorWithoutPlace = (
  code: ConfigErrorCode,
  file: string,
  message: string,
  details: ErrorDetails = {},
): ConfigError => ({code, file, line: 0, column: 0, length: 0, message, ...present(details)});

/** Collects all mistakes of one load, so that a person sees them at once. */
export class Problems {
  readonly #found = new Map<string, {error: ConfigError; place: Place}>();

  get any(): boolean {
    return this.#found.size > 0;
  }

  get count(): number {
    return this.#found.size;
  }

  /** The first error of a kind at a place wins: the instances of a matrix stage all stumble over the same text. */
  add(code: ConfigErrorCode, place: Place, message: string, details: ErrorDetails = {}): void {
    const key = `${code} ${place.start} ${place.source.isOption ? place.source.text : ''}`;
    if (this.#found.has(key)) return;
    const {line, column, lineText} = place.source.position(place.start);
    const rest = Math.max(1, lineText.length - column + 1);
    const error: ConfigError = {
      code,
      file: place.source.name,
      line: place.source.isOption ? 0 : line,
      column,
      length: Math.min(Math.max(1, place.end - place.start), rest),
      message,
      ...present(details),
      sourceLine: lineText,
    };
    this.#found.set(key, {error, place});
  }

  /** Options first, then by position in the file. */
  sorted(): ConfigError[] {
    return [...this.#found.values()]
      .sort(
        (a, b) => Number(b.place.source.isOption) - Number(a.place.source.isOption) || a.place.start - b.place.start,
      )
      .map(({error}) => error);
  }
}

const present = (details: ErrorDetails): Pick<ConfigError, 'expected' | 'found' | 'suggestion'> => ({
  ...(details.expected !== undefined && {expected: details.expected}),
  ...(details.found !== undefined && {found: details.found}),
  ...(details.suggestion !== undefined && {suggestion: details.suggestion}),
});
