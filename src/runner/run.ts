import {availableParallelism, totalmem} from 'node:os';
import type {Outcome, RunEvent} from '../contract/event.ts';
import type {Executor} from '../contract/executor.ts';
import {appendHistory} from './history.ts';
import {inspectAll} from './inspect-all.ts';
import {removeLeftovers} from './leftovers.ts';
import type {SelectOptions} from './plan.ts';
import type {Project} from './project.ts';
import {ResourcePool} from './schedule/resource-pool.ts';
import {scopeOf} from './select.ts';
import {type Settled, Settling} from './settle.ts';

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
  const jobs = options.jobs ?? availableParallelism();
  const scope = scopeOf(project.graph, options);
  const overview = await inspectAll(project, scope, options);
  const lengths = scope.instances.map(({id}) => (overview.inspections.get(id)!.outcome === 'fresh' ? 0 : id.length));
  report({kind: 'run-started', total: scope.instances.length, jobs, idWidth: Math.max(0, ...lengths)});

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

  if (open.length > 0) {
    removeLeftovers(project.paths);
    const pool = new ResourcePool(capacityFor(options.executor, jobs), jobs);
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
  }

  const seconds = (performance.now() - started) / 1000;
  const interrupted = signal.aborted && counts.fresh + counts.ran + counts.restored < scope.instances.length;
  const result = {counts, failed: counts.failed > 0, interrupted};
  try {
    project.stats.save();
    project.code.save();
    if (open.length > 0) appendHistory(project, {...result, seconds, settled});
  } catch (error) {
    report({kind: 'warning', message: `cannot write to ${project.paths.state}: ${(error as Error).message}`});
  }
  report({kind: 'run-finished', counts, seconds, interrupted});
  return result;
};

const isBad = (result: Settled | undefined): boolean => result?.outcome === 'failed' || result?.outcome === 'skipped';

/** Jobs that run elsewhere do not share this machine. */
const capacityFor = ({name}: Executor, jobs: number): {cpus: number; memoryMb: number; gpus: number} => {
  if (name !== 'local') return {cpus: Infinity, memoryMb: Infinity, gpus: Infinity};
  const visible = process.env['CUDA_VISIBLE_DEVICES']?.split(',').filter(device => device !== '').length;
  // Who asks for more jobs than there are cores has a reason.
  return {cpus: Math.max(jobs, availableParallelism()), memoryMb: totalmem() / 2 ** 20, gpus: visible ?? 1};
};
