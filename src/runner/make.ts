import path from 'node:path';
import type {Failure, Outcome, RunEvent} from '../contract/event.ts';
import type {Executor, JobUsage} from '../contract/executor.ts';
import type {Reason} from '../contract/reason.ts';
import type {Instance} from './graph.ts';
import type {Inspection} from './inspect.ts';
import type {Overview} from './inspect-all.ts';
import {runAttempts} from './job/run-attempts.ts';
import {runHash} from './key/key.ts';
import {lastUsage} from './last-usage.ts';
import {tryLock} from './lock/instance-lock.ts';
import type {Project} from './project.ts';
import {hashText} from './state/hash-file.ts';

export interface Settled {
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly seconds: number;
  readonly usage?: JobUsage;
  readonly failure?: Failure;
}

/** Another instance of the same key is being made: the lock that it holds until then. */
export interface Twin {
  readonly twin: string;
}

export interface MakingTools {
  readonly project: Project;
  readonly overview: Overview;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  readonly report: (event: RunEvent) => void;
}

/** What processes of an instance carry in their environment, so that they are found when their runner has gone. */
export const jobMark = ({graph, paths}: Project, {id}: Instance): string =>
  `${hashText(paths.root).slice(0, 16)}:${graph.pipeline.locksDir}:${id}`;

/** Runs instances' jobs; the locks of the instances are held by the caller. */
export class Making {
  readonly #tools: MakingTools;
  #hasToldOfEngine = false;
  #left = 0;

  constructor(tools: MakingTools) {
    this.#tools = tools;
  }

  /** How many jobs were left running for a later run. */
  get left(): number {
    return this.#left;
  }

  /** The same instance of two profiles has one folder of checkpoints, and the second finds in the store what the first has made. */
  async make(instance: Instance, inspection: Inspection): Promise<Settled | Twin | null> {
    if (instance.command.kind === 'shell') return this.#run(instance, inspection);
    // Each profile has a folder of locks, the checkpoints are in one for all.
    const name = `key-${runHash(instance.id, inspection.built.key)}.lock`;
    const twin = path.join(this.#tools.project.paths.state, 'locks', name);
    const attempt = tryLock(twin);
    if (!('lock' in attempt)) {
      const {holderPid} = attempt;
      if (holderPid !== process.pid) this.#tools.report({kind: 'stage-waiting', id: instance.id, holderPid});
      return {twin};
    }
    try {
      return await this.#run(instance, inspection);
    } finally {
      attempt.lock.release();
    }
  }

  async #run(instance: Instance, {reasons, built}: Inspection): Promise<Settled | null> {
    const {project, overview, executor, signal, report} = this.#tools;
    const {id, stage, axis} = instance;
    this.#tellOfEngine(instance);
    const expectedSeconds = lastUsage(project, id)?.seconds;
    report({
      kind: 'stage-started',
      id,
      stage,
      axis,
      reasons,
      ...(expectedSeconds === undefined ? {} : {expectedSeconds}),
    });
    const result = await runAttempts(
      {
        ...{project, instance, around: overview.around, built, executor, signal, mark: jobMark(project, instance)},
        onProgress: progress => report({kind: 'stage-progress', id, progress}),
      },
      message => report({kind: 'warning', message}),
    );
    if (result.ok) {
      overview.written.set(id, result.written);
      return {outcome: 'ran', reasons, seconds: result.usage.seconds, usage: result.usage};
    }
    if (result.isDetached === true) {
      this.#left++;
      return null;
    }
    const {failure, usage} = result;
    return {outcome: 'failed', reasons, seconds: usage.seconds, usage, failure};
  }

  /** Once a run, and only when something computes: `nothing to do` needs no remarks. */
  #tellOfEngine({command}: Instance): void {
    if (this.#hasToldOfEngine || command.kind === 'shell' || !command.engine) return;
    this.#hasToldOfEngine = true;
    const note = this.#tools.project.engine()?.note;
    if (note !== undefined) this.#tools.report({kind: 'warning', message: note});
  }
}
