import fs, {readFileSync, writeSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {pathToFileURL} from 'node:url';
import {arities, type Arity} from './contract/arity.ts';
import {deniedAccess} from './contract/denied-access.ts';
import type {StageJob} from './contract/job.ts';
import type {AnyStage, InputOf, Progress, StageContext} from './contract/stage.ts';

/**
 * Runs one stage from a JSON job: `node worker.js job.json`. Nothing of the pipeline is needed for it: a stage can be
 * tried by hand with a job file written in an editor.
 */

const progressEveryMs = 100;
const graceMs = 4000;
const progressFd = Number(process.env['DISTILL_PROGRESS_FD'] ?? '') || null;

/**
 * A guarded process may not wait for the disk (Node refuses fsync, which knows no paths). It only helps when the power
 * goes, and what a stage wrote is compared with its hash before it is used.
 */
const doWithoutSync = (): void => {
  const done = (_file: number, callback: (error: null) => void): void => callback(null);
  Object.assign(fs, {fsyncSync() {}, fdatasyncSync() {}, fsync: done, fdatasync: done});
  syncBuiltinESMExports();
};
if ((process as {permission?: object}).permission !== undefined) doWithoutSync();

/** Nobody may be reading any more; that is no reason to fail. */
const tell = (line: object): void => {
  if (progressFd === null) return;
  try {
    writeSync(progressFd, `${JSON.stringify(line)}\n`);
  } catch {
    // EPIPE, EAGAIN, EBADF: progress is a courtesy.
  }
};

const createProgress = (): ((update: Progress) => void) => {
  let last = 0;
  return update => {
    const now = performance.now();
    if (now - last < progressEveryMs && update.done < update.total) return;
    last = now;
    tell(update);
  };
};

/** A mistake of the user's, told without a stack trace. */
class JobError extends Error {
  override readonly name = 'StageError';
}

const loadStage = async ({module, type}: StageJob): Promise<AnyStage> => {
  const {default: stage} = (await import(pathToFileURL(module).href)) as {default?: AnyStage};
  if (stage?.run === undefined)
    throw new JobError(`${type} is not a stage type: expected a default export of defineStage({…})`);
  return stage;
};

const checkParams = ({params}: AnyStage, job: StageJob): unknown => {
  const checked = params.safeParse(job.params);
  if (checked.success) return checked.data;
  const issues = checked.error.issues.map(
    ({path, message}) => `  ${['params', ...path.map(String)].join('.')}: ${message}`,
  );
  throw new JobError(`the params of ${job.stage} do not fit stage type ${job.type}:\n${issues.join('\n')}`);
};

const checkInputs = ({inputs}: AnyStage, job: StageJob): Record<string, InputOf<Arity>> => {
  for (const name of Object.keys(job.inputs)) {
    if (!(name in inputs)) {
      throw new JobError(
        `${job.stage} has an input \`${name}\`, but ${job.type} takes ${Object.keys(inputs).join(', ') || 'none'}`,
      );
    }
  }
  return Object.fromEntries(
    Object.entries(inputs).map(([name, arity]): [string, InputOf<Arity>] => {
      const files = job.inputs[name] ?? [];
      const {least, most, expected} = arities[arity];
      if (files.length < least || files.length > most)
        throw new JobError(`expected input \`${name}\` of ${job.stage} to be ${expected}, got ${files.length}`);
      return [name, most === 1 ? (files[0] ?? null) : files];
    }),
  );
};

const run = async (job: StageJob): Promise<void> => {
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort(new JobError('stopped'));
    // A stage that does not look at its signal ends all the same.
    setTimeout(() => process.exit(143), graceMs).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A killed runner cannot tell; without this its jobs would go on writing.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 1000).unref();

  const stage = await loadStage(job);
  const context: StageContext<unknown, Readonly<Record<string, Arity>>, string> = {
    params: checkParams(stage, job),
    in: checkInputs(stage, job),
    out: job.outputs,
    axis: job.axis,
    stage: job.stage,
    threads: job.threads,
    scratch: job.scratch,
    pipeline: job.pipeline,
    signal: stopping.signal,
    log: message => void process.stdout.write(`${message}\n`),
    progress: createProgress(),
  };
  await stage.run(context);
};

const end = (code: number): never => {
  const {maxRSS, userCPUTime, systemCPUTime} = process.resourceUsage();
  tell({usage: {peakMemoryMb: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6}});
  process.exit(code);
};

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node worker.js job.json');
  process.exit(2);
}
const job = JSON.parse(readFileSync(file, 'utf8')) as StageJob;

const fail = (error: unknown): never => {
  const denied = deniedAccess(error, job);
  if (denied !== null) {
    console.error(denied);
    return end(2);
  }
  // By name: the stage has its own copy of the class.
  const isExpected = error instanceof Error && error.name === 'StageError';
  console.error(isExpected ? error.message : error);
  return end(isExpected ? 2 : 1);
};

// Of streams and other callbacks that no promise of the stage waits for.
process.on('uncaughtException', fail);
try {
  await run(job);
  end(0);
} catch (error) {
  fail(error);
}
