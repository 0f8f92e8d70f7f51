import type {Cell} from './cells.ts';
import type {Cost} from './cost.ts';
import type {Published, Results, Test} from './results.ts';
import type {Correction, Verdict} from './verdict.ts';

/** One cell of the report, named. */
export type CellName = Pick<Cell, 'task' | 'split' | 'metric' | 'arm' | 'axis'>;

export interface Side {
  readonly median: number;
  readonly n: number;
}

export interface CellChange extends CellName, Verdict {
  readonly old: Side;
  readonly new: Side;
  /** New median minus old median. */
  readonly difference: number;
  /** Whether the change is for the worse by its metric; of a cell that is called noise too. */
  readonly isWorse: boolean;
  /** The instances whose outputs were scored, on either side; empty where results.json does not say. */
  readonly from: readonly string[];
}

export interface CellPresence extends CellName, Side {}

/** A cell of the headline's arms, whether it differs or not. */
export interface HeadlineCell extends CellName {
  readonly old: Side | null;
  readonly new: Side | null;
  /** null for a cell that is the same, or that one side lacks. */
  readonly change: CellChange | null;
}

/** A record (a test, a published figure) that differs; null on the side that hasn't got it. */
export interface RecordChange<T> {
  readonly name: string;
  readonly old: T | null;
  readonly new: T | null;
}

export interface TimingChange {
  readonly what: string;
  readonly old: number;
  readonly new: number;
}

export interface Renaming {
  readonly old: CellName;
  readonly new: CellName;
}

/** Whole columns (arms) and rows (task, metric, split, axis) of the scores that one side lacks. */
export interface CameAndWent {
  readonly came: readonly string[];
  readonly went: readonly string[];
}

export interface ResultsDiff {
  readonly same: boolean;
  /** Whether any cell became worse by more than noise. */
  readonly regression: boolean;
  readonly unchanged: number;
  readonly headline: readonly HeadlineCell[];
  readonly changed: readonly CellChange[];
  readonly added: readonly CellPresence[];
  readonly removed: readonly CellPresence[];
  readonly renamed: readonly Renaming[];
  readonly arms: CameAndWent;
  readonly rows: CameAndWent;
  readonly correction: Correction;
  readonly tests: readonly RecordChange<Test>[];
  readonly published: readonly RecordChange<Published>[];
  readonly sizes: RecordChange<NonNullable<Results['sizes']>> | null;
  /** Kept apart: timings differ from run to run and make no results differ. */
  readonly timings: readonly TimingChange[];
}

/** What both sides must be read into: results, and the cost where it was measured. */
export interface Snapshot {
  readonly results: Results;
  readonly cost: Cost | null;
}

export interface DiffOptions {
  /** Metric → the largest difference (in the metric's own unit, not × 100) that is of no interest. */
  readonly tolerances?: Readonly<Record<string, number>>;
  /** Old name → new name, of arms and tasks that were renamed. */
  readonly renamed?: Readonly<Record<string, string>>;
}
