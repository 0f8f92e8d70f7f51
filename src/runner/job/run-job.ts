import {existsSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {Failure} from '../../contract/event.ts';
import type {Executor, Job, JobOutcome, JobUsage} from '../../contract/executor.ts';
import type {Progress} from '../../contract/stage.ts';
import type {Instance} from '../graph.ts';
import {inputPaths} from '../hermetic/input-paths.ts';
import type {Surroundings} from '../inspect.ts';
import type {BuiltKey} from '../key/build-key.ts';
import {runHash} from '../key/key.ts';
import type {OutputHashes} from '../key/lock-record.ts';
import {jobVariable} from '../lock/orphans.ts';
import type {Project} from '../project.ts';
import {fileNameOf} from '../state/paths.ts';
import {attemptLog, dropLaterAttempts} from './attempt-logs.ts';
import {checkAfter, checkBefore} from './check-inputs.ts';
import {commit, ensureFolder, scratchOf, writeLast} from './commit.ts';
import {failureOf, missingOutputs, withDisk} from './failures.ts';
import {prepareJob} from './prepare.ts';
import {CannotStart, type PreparedJob} from './prepared-job.ts';

export interface JobRequest {
  readonly project: Project;
  readonly instance: Instance;
  readonly around: Surroundings;
  readonly built: BuiltKey;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  readonly mark: string;
  /** From 1; each has a log of its own. */
  readonly attempt: number;
  readonly onProgress: (progress: Progress) => void;
}

export type JobResult =
  | {readonly ok: true; readonly written: OutputHashes; readonly usage: JobUsage}
  /** `isDetached`: it runs on, and a later run takes it up. */
  | {readonly ok: false; readonly failure: Failure; readonly usage: JobUsage; readonly isDetached?: true};

const noUsage: JobUsage = {seconds: 0};

/** One attempt: check inputs, make room, start, check what came out, record it. */
export const runJob = async (request: JobRequest): Promise<JobResult> => {
  const {project, instance, around, built, executor} = request;
  const folder = path.join(project.paths.jobs, fileNameOf(instance.id));
  let isLeft = false;
  const logFile = attemptLog(project.paths, instance.id, request.attempt);
  const fail = (failure: Failure, usage = noUsage): JobResult => ({ok: false, failure, usage});

  let prepared: PreparedJob;
  try {
    const failure = checkBefore(instance, around, built);
    if (failure !== null) return fail(failure);
    ensureFolder(project.paths.logs);
    ensureFolder(project.paths.tmp);
    if (request.attempt === 1) dropLaterAttempts(project.paths, instance.id);
    const elsewhere = executor.find === undefined ? startedElsewhere(folder) : null;
    if (elsewhere !== null) throw new CannotStart(elsewhere);
    const isUnderWay = (await executor.find?.({folder, key: runHash(instance.id, built.key)})) ?? false;
    prepared = await prepareJob(
      request,
      executor.find === undefined ? {} : {folder: path.join(folder, 'work'), isUnderWay},
    );
  } catch (error) {
    return fail({kind: 'could-not-start', message: error instanceof CannotStart ? error.message : messageOf(error)});
  }

  try {
    const outcome = await start(request, prepared, {logFile, folder});
    if (outcome.kind === 'could-not-start') {
      prepared.discard();
      return fail(outcome);
    }
    const {usage} = outcome;
    if (outcome.kind === 'detached') {
      isLeft = true;
      return {ok: false, failure: {kind: 'interrupted'}, usage, isDetached: true};
    }
    if (outcome.kind === 'late') {
      isLeft = true;
      return fail({kind: 'late', message: outcome.reason}, usage);
    }
    const failure =
      failureOf(outcome, instance, logFile) ??
      (prepared.isUndeclared?.(logFile) === true ? ({kind: 'exit-code', code: 2, logFile} as const) : null) ??
      missingOutputs(prepared, logFile) ??
      checkAfter(instance, around, built);
    if (failure !== null) {
      // Asked before the half outputs are removed, which may be what filled it.
      const told = withDisk(failure, project.paths.root);
      prepared.discard();
      return fail(told, usage);
    }
    try {
      const written = commit(project, instance, built.key, prepared);
      if (instance.command.kind === 'typed')
        rmSync(scratchOf(project, instance.id, built.key), {recursive: true, force: true});
      writeLast(project, instance.id, usage);
      return {ok: true, written, usage};
    } catch (error) {
      prepared.discard();
      return fail({kind: 'could-not-save', message: messageOf(error)}, usage);
    }
  } finally {
    if (!isLeft) {
      prepared.cleanUp();
      // Only now: until its outputs were in place, another run could still have taken them from there.
      if (executor.find !== undefined) rmSync(folder, {recursive: true, force: true});
    }
  }
};

/** A job that another executor has started and not seen ending: to run it here as well would mix up what they write. */
const startedElsewhere = (folder: string): string | null =>
  existsSync(path.join(folder, 'record.json'))
    ? `an earlier run gave it to another executor and has not seen it end. \`pipeline run\` with that executor (--executor slurm) takes it up; to give it up, end it there and delete ${folder}`
    : null;

type Started = JobOutcome | Extract<Failure, {kind: 'could-not-start'}>;

const start = async (
  request: JobRequest,
  {argv, env, reads = [], outputs}: PreparedJob,
  {logFile, folder}: {readonly logFile: string; readonly folder: string},
): Promise<Started> => {
  const {project, instance, executor, signal, mark, onProgress} = request;
  const {timeoutMinutes, resources} = instance;
  const job: Job = {
    id: fileNameOf(instance.id),
    argv,
    // Orphans are ended by their mark; jobs that outlive the runner are none.
    env: {...env, [jobVariable]: executor.find === undefined ? mark : `${executor.name}:${mark}`},
    cwd: project.paths.root,
    logFile,
    resources,
    ...(timeoutMinutes === null ? {} : {timeoutMs: timeoutMinutes * 60_000}),
    onProgress,
    stage: instance.stage,
    key: runHash(instance.id, request.built.key),
    folder,
    ...(executor.find === undefined ? {} : {inputs: [...reads, ...inputPaths(project.graph, instance)]}),
    outputs: outputs.map(({writtenTo}) => writtenTo),
    ...(instance.cluster === undefined ? {} : {cluster: instance.cluster}),
  };
  try {
    return await executor.run(job, signal);
  } catch (error) {
    return {kind: 'could-not-start', message: messageOf(error)};
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
