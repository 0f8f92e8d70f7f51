import type {JobUsage} from './executor.ts';
import type {Reason} from './reason.ts';
import type {Axis, Progress} from './stage.ts';

/** How a stage was settled. `skipped` = something it needs failed, or the run was stopped first. */
export type Outcome = 'ran' | 'restored' | 'fresh' | 'failed' | 'skipped';

/** Everything that can happen in a run, in one union; the runner prints nothing, reporters switch over this. */
export type RunEvent =
  | {
      readonly kind: 'run-started';
      readonly total: number;
      readonly jobs: number;
      /** The length of the longest id among what is not fresh, so that lines can be aligned. */
      readonly idWidth?: number;
      /** What may run and how long that took last time; absent where nothing of it is known. */
      readonly expected?: Expected;
    }
  | {
      readonly kind: 'stage-started';
      readonly id: string;
      readonly stage: string;
      readonly axis: Axis;
      readonly reasons: readonly Reason[];
      readonly expectedSeconds?: number;
    }
  | {readonly kind: 'stage-waiting'; readonly id: string; readonly holderPid: number}
  | {readonly kind: 'stage-progress'; readonly id: string; readonly progress: Progress}
  | {
      readonly kind: 'stage-settled';
      readonly id: string;
      readonly stage: string;
      readonly axis: Axis;
      readonly outcome: Outcome;
      readonly reasons: readonly Reason[];
      readonly seconds: number;
      readonly usage?: JobUsage;
      readonly failure?: Failure;
    }
  /** A stage that was run again aside, to see whether it writes the same: `pipeline verify`. */
  | {
      readonly kind: 'stage-verified';
      readonly id: string;
      readonly stage: string;
      readonly axis: Axis;
      readonly verdict: Verdict;
      readonly seconds: number;
    }
  | {readonly kind: 'warning'; readonly message: string}
  | {
      readonly kind: 'run-finished';
      readonly counts: Readonly<Record<Outcome, number>>;
      readonly seconds: number;
      readonly interrupted: boolean;
    };

export interface Expected {
  /** From start to end, with as many jobs at once as there is room for. */
  readonly wallSeconds: number;
  /** Id → seconds of its last run. */
  readonly secondsOf: ReadonlyMap<string, number>;
}

/** What came of running a stage again. */
export type Verdict =
  | {readonly kind: 'same'}
  /** Other bytes, but every number is as near as the stage's `tolerance` allows. */
  | {readonly kind: 'within-tolerance'; readonly largest: number}
  | {readonly kind: 'differs'; readonly differences: readonly Difference[]}
  | {readonly kind: 'not-compared'; readonly why: 'not-reproducible' | 'frozen'}
  /** What is recorded is not what a run would make now: there is nothing to compare with. */
  | {readonly kind: 'not-fresh'; readonly reasons: readonly Reason[]}
  | {readonly kind: 'failed'; readonly failure: Failure};

/** One file that came out different. */
export interface Difference {
  /** Root-relative path of the output, or of the file in it. */
  readonly path: string;
  /** In words: which number, which bytes. */
  readonly what: string;
}

/** Why a stage failed, as data; wording lives in the reporters. */
export type Failure =
  | {readonly kind: 'exit-code'; readonly code: number; readonly logFile: string; readonly diskFull?: boolean}
  | {readonly kind: 'signal'; readonly signal: string; readonly logFile: string; readonly diskFull?: boolean}
  | {readonly kind: 'timed-out'; readonly minutes: number; readonly logFile: string}
  | {readonly kind: 'output-not-written'; readonly outputs: readonly string[]; readonly logFile: string}
  /** `var`: the var of the pipeline that gives the path. */
  | {readonly kind: 'input-missing'; readonly path: string; readonly var?: string}
  | {readonly kind: 'input-changed-while-running'; readonly path: string}
  | {readonly kind: 'could-not-start'; readonly message: string}
  /** The job was taken away from where it ran, as often as it was tried. */
  | {readonly kind: 'vanished'; readonly message: string}
  | {readonly kind: 'late'; readonly message: string}
  | {readonly kind: 'could-not-save'; readonly message: string}
  | {readonly kind: 'interrupted'};

export interface Reporter {
  report(event: RunEvent): void;
  /** Called once after `run-finished` (or a crash of the runner): restores the terminal. */
  close(): void;
}
