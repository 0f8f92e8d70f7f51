import type {ModuleId} from './module-tree.ts';

/** All code that a stage may run: its part of the key, and what is installed for its jobs. */
export interface StageClosure {
  readonly entry: ModuleId;
  /** Module → hash of its compiled text; null for one that is imported but missing. */
  readonly files: Readonly<Record<ModuleId, string | null>>;
  readonly packages: Readonly<Record<string, string>>;
  readonly digest: string;
  /** Why it cannot run: syntax errors and missing modules. */
  readonly problems: readonly string[];
}
