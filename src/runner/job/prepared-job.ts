import type {InstanceOutput} from '../graph.ts';

/** A job with everything laid out for it, and what must be done with its outputs afterwards. */
export interface PreparedJob {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What was laid out for it, besides its inputs. */
  readonly reads?: readonly string[];
  /** Where each output will be found when the job has succeeded. */
  readonly outputs: readonly {readonly output: InstanceOutput; readonly writtenTo: string}[];
  /** After a good end: true when it read or wrote what it does not declare, which the log then tells. */
  isUndeclared?(logFile: string): boolean;
  /** Puts checked outputs into place; nothing to do for a job that wrote there itself. */
  publish(): void;
  /** Removes what a failed job left, in place and aside. */
  discard(): void;
  /** Removes what was only needed while it ran. */
  cleanUp(): void;
}

/** It cannot even be tried; the message is for people. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
