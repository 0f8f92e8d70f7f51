/** Why a stage is not fresh. Part of the JSON contract (`pipeline run --json`): kinds and fields never change meaning. */
export type Reason =
  | {readonly kind: 'first-run'}
  | {readonly kind: 'command-changed'; readonly key: 'run' | 'type'; readonly was: string; readonly now: string}
  | {readonly kind: 'param-changed'; readonly key: string; readonly was: unknown; readonly now: unknown}
  | {readonly kind: 'env-changed'; readonly key: string; readonly was: string | null; readonly now: string | null}
  | {readonly kind: 'input-changed'; readonly key: string; readonly was: string | null; readonly now: string | null}
  | {readonly kind: 'code-changed'; readonly key: string; readonly was: string | null; readonly now: string | null}
  | {readonly kind: 'package-changed'; readonly key: string; readonly was: string | null; readonly now: string | null}
  | {readonly kind: 'engine-changed'; readonly key: string; readonly was: string | null; readonly now: string | null}
  | {readonly kind: 'output-missing'; readonly key: string}
  | {readonly kind: 'output-edited'; readonly key: string}
  | {readonly kind: 'forced'}
  | {readonly kind: 'always'};
