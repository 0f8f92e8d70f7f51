import type {Outcome, RunEvent} from '../contract/event.ts';
import type {Executor} from '../contract/executor.ts';
import {appendHistory, currentCommit} from './history.ts';
import {inspectAll} from './inspect-all.ts';
import {lastUsage} from './last-usage.ts';
import {removeLeftovers} from './leftovers.ts';
import type {Project} from './project.ts';
import {capacityFor, defaultJobs} from './schedule/capacity.ts';
import {estimateRun} from './schedule/estimate.ts';
import {ResourcePool} from './schedule/resource-pool.ts';
import {recordOwner} from './state/owner.ts';
import {scopeOf, type SelectOptions} from './select.ts';
import type {Settled} from './make.ts';
import {Settling} from './settle.ts';

export interface RunOptions extends SelectOptions {
  /** How many jobs at once; default: the number of CPU cores. */
  readonly jobs?: number;
  /** Go on with what does not depend on a failed stage. Default: jobs that run are finished, no new ones start. */
  readonly keepGoing?: boolean;
  /** Aborting stops the running jobs; the result is then `interrupted`. */
  readonly signal?: AbortSignal;
  readonly executor: Executor;
  readonly report?: (event: RunEvent) => void;
}

export interface RunResult {
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly failed: boolean;
  readonly interrupted: boolean;
}

/**
 * Brings the selected stages and what they need up to date. Failures are events and counts, not exceptions; what is
 * thrown is a `SelectionError` or a bug.
 */
export const run = async (project: Project, options: RunOptions): Promise<RunResult> => {
  const started = performance.now();
  const signal = options.signal ?? new AbortController().signal;
  const report = options.report ?? (() => {});
  const jobs = options.jobs ?? defaultJobs(options.executor);
  const scope = scopeOf(project.graph, options);
  const overview = await inspectAll(project, scope, options);
  const stale = scope.instances.filter(({id}) => overview.inspections.get(id)!.outcome !== 'fresh');
  const capacity = capacityFor(options.executor, jobs);
  const lastSeconds = (id: string): number | undefined => lastUsage(project, id)?.seconds;
  const instances = stale.filter(({id}) => overview.inspections.get(id)!.outcome !== 'restorable');
  const expected = estimateRun({instances, lastSeconds, capacity, jobs});
  report({
    kind: 'run-started',
    total: scope.instances.length,
    jobs,
    idWidth: stale.reduce((width, {id}) => Math.max(width, id.length), 0),
    ...(expected.secondsOf.size === 0 ? {} : {expected}),
  });

  const counts: Record<Outcome, number> = {ran: 0, restored: 0, fresh: 0, failed: 0, skipped: 0};
  const settled = new Map<string, Settled>();
  const settle = (id: string, result: Settled): void => {
    const {stage, axis} = scope.instances[positions.get(id)!]!;
    settled.set(id, result);
    counts[result.outcome]++;
    report({kind: 'stage-settled', id, stage, axis, ...result});
  };
  const positions = new Map(scope.instances.map(({id}, index) => [id, index]));

  // What is fresh, behind nothing but fresh ones, needs no lock and no waiting: usually that is all.
  const open = scope.instances.filter(({id, needs}) => {
    const {outcome} = overview.inspections.get(id)!;
    if (outcome !== 'fresh' || !needs.every(need => !positions.has(need) || settled.has(need))) return true;
    settle(id, {outcome: 'fresh', reasons: [], seconds: 0});
    return false;
  });

  let commit: Promise<string | null> | undefined;
  if (open.length > 0) {
    removeLeftovers(project.paths);
    recordOwner(project.graph.pipeline);
    commit = currentCommit(project.paths.root);
    const pool = new ResourcePool(capacity, jobs);
    const settling = new Settling({
      project,
      overview,
      pool,
      executor: options.executor,
      signal,
      report,
      keepGoing: options.keepGoing === true,
    });
    const promises = new Map<string, Promise<void>>();
    for (const instance of open) {
      const before = instance.needs.map(need => promises.get(need)).filter(promise => promise !== undefined);
      const bring = async (): Promise<void> => {
        await Promise.all(before);
        const isBlocked = instance.needs.some(need => isBad(settled.get(need)));
        const result = isBlocked ? null : await settling.settle(instance);
        settle(instance.id, result ?? {outcome: 'skipped', reasons: [], seconds: 0});
      };
      promises.set(instance.id, bring());
    }
    await Promise.all(promises.values());
    if (settling.left > 0) {
      const what = settling.left === 1 ? 'one job is' : `${settling.left} jobs are`;
      report({
        kind: 'warning',
        message: `${what} left with ${options.executor.name}: the same command takes up what they write, and goes on`,
      });
    }
  }

  const seconds = (performance.now() - started) / 1000;
  const interrupted = signal.aborted && counts.fresh + counts.ran + counts.restored < scope.instances.length;
  const result = {counts, failed: counts.failed > 0, interrupted};
  try {
    project.stats.save();
    project.code.save();
    if (commit !== undefined) appendHistory(project, {...result, commit: await commit, seconds, settled});
  } catch (error) {
    report({kind: 'warning', message: `cannot write to ${project.paths.state}: ${(error as Error).message}`});
  }
  report({kind: 'run-finished', counts, seconds, interrupted});
  return result;
};

const isBad = (result: Settled | undefined): boolean => result?.outcome === 'failed' || result?.outcome === 'skipped';
