import {existsSync, rmSync, statfsSync} from 'node:fs';
import path from 'node:path';
import type {Failure} from '../../contract/event.ts';
import type {Executor, Job, JobOutcome, JobUsage} from '../../contract/executor.ts';
import type {Progress} from '../../contract/stage.ts';
import type {StageClosure} from '../code/stage-closure.ts';
import type {Instance} from '../graph.ts';
import type {Surroundings} from '../inspect.ts';
import type {BuiltKey} from '../key/build-key.ts';
import type {OutputHashes} from '../key/lock-record.ts';
import {jobVariable} from '../lock/orphans.ts';
import type {Project} from '../project.ts';
import {fileNameOf} from '../state/paths.ts';
import {checkAfter, checkBefore} from './check-inputs.ts';
import {commit, ensureFolder, scratchOf, writeLast} from './commit.ts';
import {prepareShell} from './prepare-shell.ts';
import {prepareTyped} from './prepare-typed.ts';
import {CannotStart, type PreparedJob} from './prepared-job.ts';

export interface JobRequest {
  readonly project: Project;
  readonly instance: Instance;
  readonly around: Surroundings;
  readonly built: BuiltKey;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  readonly mark: string;
  readonly onProgress: (progress: Progress) => void;
}

export type JobResult =
  | {readonly ok: true; readonly written: OutputHashes; readonly usage: JobUsage}
  | {readonly ok: false; readonly failure: Failure; readonly usage: JobUsage};

const noUsage: JobUsage = {seconds: 0};

/** One attempt: check inputs, make room, start, check what came out, record it. */
export const runJob = async (request: JobRequest): Promise<JobResult> => {
  const {project, instance, around, built} = request;
  const logFile = path.join(project.paths.logs, `${fileNameOf(instance.id)}.log`);
  const fail = (failure: Failure, usage = noUsage): JobResult => ({ok: false, failure, usage});

  let prepared: PreparedJob;
  try {
    const failure = checkBefore(instance, around, built);
    if (failure !== null) return fail(failure);
    ensureFolder(project.paths.logs);
    ensureFolder(project.paths.tmp);
    prepared = await prepare(request);
  } catch (error) {
    return fail({kind: 'could-not-start', message: error instanceof CannotStart ? error.message : messageOf(error)});
  }

  try {
    const outcome = await start(request, prepared, logFile);
    if (outcome.kind === 'could-not-start') {
      prepared.discard();
      return fail(outcome);
    }
    const {usage} = outcome;
    const failure =
      failureOf(outcome, instance, logFile) ?? missingOutputs(prepared, logFile) ?? checkAfter(instance, around, built);
    if (failure !== null) {
      // Asked before the half outputs are removed, which may be what filled it.
      const told = withDisk(failure, project.paths.root);
      prepared.discard();
      return fail(told, usage);
    }
    try {
      const written = commit(project, instance, built.key, prepared);
      rmSync(scratchOf(project, built.key), {recursive: true, force: true});
      writeLast(project, instance.id, usage);
      return {ok: true, written, usage};
    } catch (error) {
      prepared.discard();
      return fail({kind: 'could-not-save', message: messageOf(error)}, usage);
    }
  } finally {
    prepared.cleanUp();
  }
};

type Started = JobOutcome | Extract<Failure, {kind: 'could-not-start'}>;

const start = async (request: JobRequest, {argv}: PreparedJob, logFile: string): Promise<Started> => {
  const {project, instance, executor, signal, mark, onProgress} = request;
  const {timeoutMinutes, resources} = instance;
  const job: Job = {
    id: fileNameOf(instance.id),
    argv,
    env: {[jobVariable]: mark},
    cwd: project.paths.root,
    logFile,
    resources,
    ...(timeoutMinutes === null ? {} : {timeoutMs: timeoutMinutes * 60_000}),
    onProgress,
  };
  try {
    return await executor.run(job, signal);
  } catch (error) {
    return {kind: 'could-not-start', message: messageOf(error)};
  }
};

const prepare = async ({project, instance, around, built}: JobRequest): Promise<PreparedJob> => {
  const {graph, paths, code, tool} = project;
  const {command} = instance;
  if (command.kind === 'shell') return prepareShell(paths.root, instance, command);
  const closure: StageClosure | null = around.closure(instance);
  if (closure === null)
    throw new CannotStart(`there is no stage type \`${command.type}\` in ${path.join(paths.root, 'stages')}`);
  if (closure.problems.length > 0) throw new CannotStart(closure.problems.join('\n'));
  const module = await code.install(closure);
  const scratch = scratchOf(project, built.key);
  return prepareTyped({graph, instance, command, module, worker: tool.worker, tmp: paths.tmp, scratch});
};

/** What the end of a job means, its outputs apart; null when it went well. */
export const failureOf = (outcome: JobOutcome, {timeoutMinutes}: Instance, logFile: string): Failure | null => {
  switch (outcome.kind) {
    case 'exited':
      return outcome.code === 0 ? null : {kind: 'exit-code', code: outcome.code, logFile};
    case 'signalled':
      return {kind: 'signal', signal: outcome.signal, logFile};
    case 'timed-out':
      return {kind: 'timed-out', minutes: timeoutMinutes ?? 0, logFile};
    case 'aborted':
      return {kind: 'interrupted'};
    case 'lost':
      return {kind: 'could-not-start', message: outcome.reason};
  }
};

const missingOutputs = ({outputs}: PreparedJob, logFile: string): Failure | null => {
  const missing = outputs.filter(({writtenTo}) => !existsSync(writtenTo)).map(({output}) => output.path);
  return missing.length === 0 ? null : {kind: 'output-not-written', outputs: missing, logFile};
};

/** A job whose disk is full often cannot even write to its log why it failed. */
const withDisk = (failure: Failure, root: string): Failure => {
  if (failure.kind !== 'exit-code' && failure.kind !== 'signal') return failure;
  const {bavail, bsize} = statfsSync(root);
  return bavail * bsize < 1 << 20 ? {...failure, diskFull: true} : failure;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
