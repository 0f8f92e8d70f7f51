import type {JobUsage} from '../contract/executor.ts';
import type {Reason} from '../contract/reason.ts';
import type {Axis} from '../contract/stage.ts';
import type {PlanOutcome} from './inspect.ts';
import {inspectAll} from './inspect-all.ts';
import {varOf} from './job/check-inputs.ts';
import {lastUsage} from './last-usage.ts';
import type {Project} from './project.ts';
import {scopeOf, type SelectOptions} from './select.ts';

export interface PlanEntry {
  readonly id: string;
  readonly stage: string;
  readonly axis: Axis;
  readonly outcome: PlanOutcome;
  readonly reasons: readonly Reason[];
  /** What the last run of this instance took, where it is known and where it would run. */
  readonly last?: JobUsage;
  /** Declared `frozen`: it is reported, but not run. */
  readonly frozen?: boolean;
  /** Paths of outputs that are nowhere, neither in place nor in the store, and that nothing stale needs. */
  readonly absent?: readonly string[];
  /** Inputs that no stage writes and that are not there: it would fail. */
  readonly missing?: readonly MissingInput[];
}

export interface MissingInput {
  readonly path: string;
  /** The var that gives the path. */
  readonly var?: string;
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
      const {outcome, reasons, absent, built} = inspections.get(instance.id)!;
      const runs = outcome === 'stale' || outcome === 'may-run';
      const last = runs ? lastUsage(project, instance.id) : undefined;
      const missing = runs ? built.missing.map(file => ({path: file, ...varOf(instance, file)})) : [];
      return {
        id: instance.id,
        stage: instance.stage,
        axis: instance.axis,
        outcome,
        reasons,
        ...(last === undefined ? {} : {last}),
        ...(instance.frozen ? {frozen: true} : {}),
        ...(absent.length > 0 ? {absent} : {}),
        ...(missing.length > 0 ? {missing} : {}),
      };
    }),
  };
};
