import type {JobUsage} from './executor.ts';
import type {Reason} from './reason.ts';
import type {Axis, Progress} from './stage.ts';

/** How a stage was settled. `skipped` = something it needs failed, or the run was stopped first. */
export type Outcome = 'ran' | 'restored' | 'fresh' | 'failed' | 'skipped';

/** Everything that can happen in a run, in one union; the runner prints nothing, reporters switch over this. */
export type RunEvent =
  /** `idWidth`: the length of the longest id among what is not fresh, so that lines can be aligned. */
  | {readonly kind: 'run-started'; readonly total: number; readonly jobs: number; readonly idWidth?: number}
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
  | {readonly kind: 'warning'; readonly message: string}
  | {
      readonly kind: 'run-finished';
      readonly counts: Readonly<Record<Outcome, number>>;
      readonly seconds: number;
      readonly interrupted: boolean;
    };

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
  | {readonly kind: 'could-not-save'; readonly message: string}
  | {readonly kind: 'interrupted'};

export interface Reporter {
  report(event: RunEvent): void;
  /** Called once after `run-finished` (or a crash of the runner): restores the terminal. */
  close(): void;
}
