/** One line of `npm run bench -- NAME --json`. */
export interface Row {
  readonly bench: string;
  readonly case: string;
  readonly threads?: number;
  readonly unit: string;
  /** Medians; null: it could not be measured, and `reason` says why. */
  readonly ours: number | null;
  readonly peer: string;
  readonly theirs: number | null;
  /** Above 1: ours is better, whichever way the unit points; null when one of the two is missing. */
  readonly ratio: number | null;
  readonly runs: number;
  readonly reason?: string;
}

export interface BenchOptions {
  /** Fewer runs and smaller cases. */
  readonly quick: boolean;
  /** Only cases whose name holds this text. */
  readonly only?: string;
}

/** What `bench/<name>.ts` exports as default. */
export interface Bench {
  readonly name: string;
  run(options: BenchOptions): AsyncIterable<Row>;
  /** Where all rows together say more than one line each: what is printed, at the end, without `--json`. */
  readonly table?: (rows: readonly Row[]) => string;
}

export const isSelected = (name: string, {only}: BenchOptions): boolean => only === undefined || name.includes(only);

type Measured = Omit<Row, 'ratio'>;

/** For times and sizes: the smaller, the better. */
export const lowerIsBetter = (row: Measured): Row => ({...row, ratio: ratioOf(row.theirs, row.ours)});

/** For rates: the larger, the better. */
export const higherIsBetter = (row: Measured): Row => ({...row, ratio: ratioOf(row.ours, row.theirs)});

const ratioOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null || b === 0 ? null : Number((a / b).toPrecision(4));
