import {readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {callSlurm} from './call.ts';
import {readRecord, readResult, writeRecord, type JobRecord} from './job-folder.ts';
import {isUnderWay, queryStates, type SlurmState, type SlurmStates} from './states.ts';

/** A runner that was killed may have left an sbatch behind that is still on its way. */
const inFlightMs = 4000;
const silenceMs = 2 * 60_000;

/**
 * True when the folder holds a job of this key that waits, runs or has ended with a result. A job of another key is
 * cancelled: what it would write is wanted no more.
 */
export const findJob = async (folder: string, key: string): Promise<boolean> => {
  const record = readRecord(folder);
  if (record === null) return false;
  if (record.key !== key) {
    await drop(folder, record);
    return false;
  }
  if (readResult(folder, record.token) !== null && record.job !== null) return true;
  for (const since = performance.now(); ; await new Promise(resolve => setTimeout(resolve, 500))) {
    const state = stateIn(await states(), record);
    if (state !== null && isUnderWay(state)) {
      if (record.job === null) writeRecord(folder, {...record, job: state.id});
      return true;
    }
    // It may have ended between the two looks.
    if (readResult(folder, record.token) !== null) {
      writeRecord(folder, {...record, job: record.job ?? 'unknown'});
      return true;
    }
    // What has ended well has left a result, which the folder may show late.
    const patienceMs = state?.state === 'COMPLETED' ? record.patienceSeconds * 1000 : 0;
    if (performance.now() - since > Math.max(inFlightMs, patienceMs)) break;
  }
  // Lost without a trace. Should it come after all, it finds nothing to do.
  rmSync(folder, {recursive: true, force: true});
  return false;
};

/** Cancels it and forgets it; without its token a job that comes late ends at once. */
const drop = async (folder: string, record: JobRecord): Promise<void> => {
  const id = record.job ?? stateIn(await states(), record)?.id ?? null;
  if (id !== null && readResult(folder, record.token) === null) {
    await callSlurm('scancel', ['--quiet', id]);
    for (const since = performance.now(); performance.now() - since < silenceMs;) {
      const state = (await states()).get(id);
      if (state === undefined || !isUnderWay(state)) break;
      await new Promise(resolve => setTimeout(resolve, 300));
    }
  }
  rmSync(folder, {recursive: true, force: true});
};

/** What Slurm says of it: by its id, or by its name when that was not yet recorded. */
const stateIn = (known: SlurmStates, {job, token, index}: JobRecord): SlurmState | null => {
  if (job !== null) return known.get(job) ?? null;
  const isThis = ({id, name}: SlurmState): boolean =>
    name.endsWith(`-${token}`) && (index === null || id.endsWith(`_${index}`));
  return [...known.values()].find(isThis) ?? null;
};

/** Waits for an answer: to take silence for "no such job" would submit it twice. */
const states = async (): Promise<SlurmStates> => {
  // Many jobs ask at the same time.
  asked ??= ask().finally(() => (asked = undefined));
  return asked;
};

let asked: Promise<SlurmStates> | undefined;

const ask = async (): Promise<SlurmStates> => {
  for (const since = performance.now(); ; await new Promise(resolve => setTimeout(resolve, 1000))) {
    const found = await queryStates();
    if (found !== null) return found;
    if (performance.now() - since > silenceMs)
      throw new Error('Slurm does not answer, and a job of this stage may be running there. Run again when `squeue` works.'); // prettier-ignore
  }
};

/** Removes the files of submissions of which no job is left. */
export const forgetBatches = (jobFolder: string): void => {
  const parent = path.dirname(jobFolder);
  const names = readdirSync(parent);
  const batches = names.filter(name => name.startsWith('.batch-'));
  if (batches.length === 0) return;
  const used = new Set(names.map(name => `.batch-${readRecord(path.join(parent, name))?.token ?? ''}`));
  for (const name of batches) if (!used.has(name)) rmSync(path.join(parent, name), {recursive: true, force: true});
};
