import type {Arity} from '../../contract/arity.ts';
import type {OutputSpec, Tolerance} from '../../contract/stage.ts';

/** What the configuration has to know of a stage type, without running it. */
export interface StageType {
  readonly description: string;
  readonly inputs: Readonly<Record<string, Arity>>;
  readonly outputs: Readonly<Record<string, OutputSpec>>;
  readonly engine: boolean;
  /** What the type says of running again; the pipeline file may say otherwise. */
  readonly reproducible?: boolean;
  readonly tolerance?: Tolerance;
  /** `params` is plain JSON data as written in the file, `{}` when the stage gives none. */
  validate(params: unknown): ParamsCheck;
  /** JSON Schema (draft 7) of the params as they are written. */
  paramsSchema?(): Promise<object>;
  /** Root-relative modules that the stage loads by name; takes the value that `validate` returned. */
  uses(params: unknown): readonly string[];
}

export type ParamsCheck =
  {readonly ok: true; readonly value: unknown} | {readonly ok: false; readonly issues: readonly ParamIssue[]};

/** One complaint of a params schema; a zod issue has this shape already (`$ZodIssue`). */
export interface ParamIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Unknown keys of the map at `path`, each of which is pointed at by itself (zod's `unrecognized_keys`). */
  readonly keys?: readonly string[];
  /** The keys that the map at `path` may have, where the schema can tell: the nearest is suggested. */
  readonly known?: readonly string[];
}

/** The stage types of one project, found by file name. */
export interface StageTypes {
  /** null when there is no such type; throws an Error with a message for people when its file cannot be loaded. */
  load(type: string): Promise<StageType | null>;
  /** All known types, for suggestions. */
  names(): readonly string[];
  /**
   * Changes whenever what `load` returns may have changed; null when there is no such type. Asked on every start for
   * each type in use, so it must be cheap: no module is loaded for it.
   */
  fingerprint(type: string): string | null | Promise<string | null>;
}
