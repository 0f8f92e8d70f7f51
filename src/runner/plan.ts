import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {Reason} from '../contract/reason.ts';
import type {Axis} from '../contract/stage.ts';
import {inspectAll} from './inspect-all.ts';
import type {Project} from './project.ts';
import {scopeOf} from './select.ts';
import {fileNameOf} from './state/paths.ts';

export interface SelectOptions {
  /** `stage`, or `stage@axis=value,…` (some axes may be left out); default: everything. */
  readonly select?: readonly string[];
  /** The selected stages run even if they are fresh. */
  readonly force?: boolean;
  /** Also everything that reads from the selected stages. */
  readonly downstream?: boolean;
  /** Only the selected stages, without what they need. */
  readonly single?: boolean;
}

/** `may-run`: behind a stage that will run; what that writes decides. */
export type PlanOutcome = 'fresh' | 'restorable' | 'stale' | 'may-run';

export interface PlanEntry {
  readonly id: string;
  readonly stage: string;
  readonly axis: Axis;
  readonly outcome: PlanOutcome;
  readonly reasons: readonly Reason[];
  /** Seconds of the last run of this instance, where known and where it would run. */
  readonly expectedSeconds?: number;
  /** Declared `frozen`: it is reported, but not run. */
  readonly frozen?: boolean;
  /** Paths of outputs that are nowhere, neither in place nor in the store, and that nothing stale needs. */
  readonly absent?: readonly string[];
}

export interface Plan {
  /** The selected instances and what they need, in topological order. */
  readonly entries: readonly PlanEntry[];
}

/** Tells what a run would do, without doing it. Throws `SelectionError` when a selection names nothing. */
export const planRun = async (project: Project, options: SelectOptions = {}): Promise<Plan> => {
  const scope = scopeOf(project.graph, options);
  const {inspections} = await inspectAll(project, scope, options);
  project.stats.save();
  project.code.save();
  return {
    entries: scope.instances.map(instance => {
      const {outcome, reasons, absent} = inspections.get(instance.id)!;
      const seconds = outcome === 'stale' || outcome === 'may-run' ? lastSeconds(project, instance.id) : undefined;
      return {
        id: instance.id,
        stage: instance.stage,
        axis: instance.axis,
        outcome,
        reasons,
        ...(seconds === undefined ? {} : {expectedSeconds: seconds}),
        ...(instance.frozen ? {frozen: true} : {}),
        ...(absent.length > 0 ? {absent} : {}),
      };
    }),
  };
};

/** How long the instance took when it last ran here. */
export const lastSeconds = ({paths}: Project, id: string): number | undefined => {
  try {
    const {seconds} = JSON.parse(readFileSync(path.join(paths.last, `${fileNameOf(id)}.json`), 'utf8')) as {
      seconds?: unknown;
    };
    return typeof seconds === 'number' ? seconds : undefined;
  } catch {
    return undefined;
  }
};
