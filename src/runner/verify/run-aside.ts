import {existsSync, mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {Failure, RunEvent, Verdict} from '../../contract/event.ts';
import type {Executor, JobOutcome} from '../../contract/executor.ts';
import type {Instance} from '../graph.ts';
import type {Surroundings} from '../inspect.ts';
import {changedInput} from '../job/check-inputs.ts';
import {prepareShell} from '../job/prepare-shell.ts';
import {prepareTyped} from '../job/prepare-typed.ts';
import {CannotStart, type PreparedJob} from '../job/prepared-job.ts';
import {failureOf} from '../job/failures.ts';
import {traced} from '../job/traced.ts';
import type {BuiltKey} from '../key/build-key.ts';
import type {OutputHashes} from '../key/lock-record.ts';
import {jobVariable} from '../lock/orphans.ts';
import {engineFoldersOf} from '../project.ts';
import type {Project} from '../project.ts';
import type {ContentHash} from '../state/content-hash.ts';
import {fileNameOf} from '../state/paths.ts';
import {temporaryName} from '../state/write-atomically.ts';
import {keyAfter, layInputs} from './aside-inputs.ts';
import {type CompareFiles, compareOutputs, type OutputPair} from './compare-outputs.ts';

export interface AsideRequest {
  readonly project: Project;
  readonly instance: Instance;
  readonly around: Surroundings;
  readonly built: BuiltKey;
  /** What is recorded of its outputs. */
  readonly written: OutputHashes;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  readonly compareFiles: CompareFiles;
  /** Shell stages are watched as `hermetic: true` does it. */
  readonly isTraced: boolean;
  readonly report: (event: RunEvent) => void;
}

export interface Verified {
  readonly verdict: Verdict;
  readonly seconds: number;
}

/** Runs an instance once more in a folder that only looks like the project, and compares what it writes with the record. */
export const runAside = async (request: AsideRequest): Promise<Verified> => {
  const {project, instance, built, written} = request;
  const {paths} = project;
  const folder = path.join(paths.tmp, temporaryName());
  const root = path.join(folder, 'project');
  const failed = (failure: Failure, seconds = 0): Verified => ({verdict: {kind: 'failed', failure}, seconds});
  const inPlace = instance.outputs.map(output => project.stats.hash(path.join(paths.root, output.path)));
  try {
    const restored = layInputs(request, root);
    if (typeof restored === 'string') return failed({kind: 'input-missing', path: restored});
    let prepared: PreparedJob;
    try {
      prepared = await prepare(request, folder, root);
    } catch (error) {
      if (!(error instanceof CannotStart)) throw error;
      return failed({kind: 'could-not-start', message: error.message});
    }
    const logFile = path.join(paths.state, 'verify', `${fileNameOf(instance.id)}.log`);
    const outcome = await start(request, prepared, {cwd: root, logFile});
    const {seconds} = outcome.usage;
    const escaped = putBack(request, inPlace);
    if (escaped.length > 0) {
      const what = 'was written in the project itself, by an absolute path? What was there is put back';
      return {verdict: {kind: 'differs', differences: escaped.map(file => ({path: file, what}))}, seconds};
    }
    const unwritten = prepared.outputs.filter(({writtenTo}) => !existsSync(writtenTo)).map(({output}) => output.path);
    const failure =
      failureOf(outcome, instance, logFile) ??
      (prepared.isUndeclared?.(logFile) === true ? ({kind: 'exit-code', code: 2, logFile} as const) : null) ??
      (unwritten.length > 0 ? ({kind: 'output-not-written', outputs: unwritten, logFile} as const) : null) ??
      changedInput(built, keyAfter(request, restored));
    if (failure !== null) return failed(failure, seconds);
    const pairs = prepared.outputs.map(({output, writtenTo}, index): OutputPair => {
      const hash = written[output.name]!;
      const kept = path.join(folder, 'recorded', String(index));
      const isInPlace = inPlace[index] === hash;
      if (!isInPlace) project.store.restore(hash, kept);
      const recorded = isInPlace ? path.join(paths.root, output.path) : kept;
      return {path: output.path, hash, recorded, again: writtenTo, tolerance: instance.tolerance ?? null};
    });
    return {verdict: await compareOutputs(pairs, project.stats, request.compareFiles), seconds};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
};

const prepare = async (
  {project, instance, around, isTraced}: AsideRequest,
  folder: string,
  root: string,
): Promise<PreparedJob> => {
  const {command} = instance;
  if (command.kind === 'shell') {
    const shell = prepareShell(root, instance, command);
    const isWatched = isTraced || instance.hermetic === true;
    return isWatched ? traced(shell, project.graph, instance, path.join(folder, 'trace'), root) : shell;
  }
  const closure = around.closure(instance);
  if (closure === null || closure.problems.length > 0) {
    throw new CannotStart(closure?.problems.join('\n') ?? `there is no stage type \`${command.type}\``);
  }
  const module = await project.code.install(closure);
  const {graph, tool, downloads} = project;
  const aside = {...graph, pipeline: {...graph.pipeline, root}};
  const tmp = path.join(folder, 'job');
  mkdirSync(tmp, {recursive: true});
  const scratch = path.join(folder, 'scratch');
  const engineFolders = engineFoldersOf(project, command);
  return prepareTyped({graph: aside, instance, command, module, closure, tool, downloads, engineFolders, tmp, scratch});
};

const start = async (
  {project, instance, executor, signal, report}: AsideRequest,
  {argv, env}: PreparedJob,
  {cwd, logFile}: {cwd: string; logFile: string},
): Promise<JobOutcome> => {
  const {id, resources, timeoutMinutes} = instance;
  mkdirSync(path.dirname(logFile), {recursive: true});
  try {
    return await executor.run(
      {
        id: fileNameOf(id),
        argv,
        // Not the mark of the real job: a run that heals a lock ends what has that.
        env: {...env, [jobVariable]: `verify:${project.paths.root}:${id}`},
        cwd,
        logFile,
        resources,
        ...(timeoutMinutes === null ? {} : {timeoutMs: timeoutMinutes * 60_000}),
        onProgress: progress => report({kind: 'stage-progress', id, progress}),
      },
      signal,
    );
  } catch (error) {
    return {kind: 'lost', reason: error instanceof Error ? error.message : String(error), usage: {seconds: 0}};
  }
};

/** Own outputs in the project that are not what they were before the job: paths, after putting them back. */
const putBack = ({project, instance}: AsideRequest, before: readonly (ContentHash | null)[]): string[] => {
  const escaped: string[] = [];
  for (const [index, {path: shown}] of instance.outputs.entries()) {
    const [file, was] = [path.join(project.paths.root, shown), before[index] ?? null];
    if (project.stats.hash(file) === was) continue;
    escaped.push(shown);
    if (was === null) rmSync(file, {recursive: true, force: true});
    else project.store.restore(was, file);
  }
  return escaped;
};
