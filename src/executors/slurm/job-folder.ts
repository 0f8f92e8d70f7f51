import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/** What is known of a job that was given to Slurm; it outlives the runner. */
export interface JobRecord {
  readonly schema: 1;
  readonly executor: 'slurm';
  readonly id: string;
  readonly key: string | null;
  /** Of the submission: part of the job's name in Slurm. */
  readonly token: string;
  /** Its place in the array; null when it was submitted alone. */
  readonly index: number | null;
  /** Slurm's id, `12` or `12_3`; null from just before sbatch is called until it has answered. */
  readonly job: string | null;
  /** How long the folder may take to show the job's result. */
  readonly patienceSeconds: number;
}

/** What the batch script wrote when the job had ended. */
export type JobResult = Readonly<
  Record<'kind' | 'code' | 'stopped' | 'seconds' | 'cpu' | 'written' | 'node' | 'file', string>
>;

const recordName = 'record.json';

export const readRecord = (folder: string): JobRecord | null => {
  try {
    const record = JSON.parse(readFileSync(path.join(folder, recordName), 'utf8')) as Partial<JobRecord>;
    return record.schema === 1 && record.executor === 'slurm' ? (record as JobRecord) : null;
  } catch {
    return null;
  }
};

/** Whole or not at all: a runner that is killed here leaves the record before. */
export const writeRecord = (folder: string, record: JobRecord): void => {
  mkdirSync(folder, {recursive: true});
  write(folder, recordName, `${JSON.stringify(record)}\n`);
};

/** From now on a job of another submission that comes to this folder ends at once. */
export const writeTask = (folder: string, token: string, task: string): void => {
  rmSync(path.join(folder, 'progress'), {force: true});
  // A name of its own: a folder that lags could show the one of an earlier attempt.
  for (const name of readdirSync(folder)) if (name.startsWith('task-')) rmSync(path.join(folder, name), {force: true});
  write(folder, `task-${token}.sh`, task);
  write(folder, 'token', token);
};

const write = (folder: string, name: string, text: string): void => {
  const temporary = path.join(folder, `.${name}.${process.pid}`);
  writeFileSync(temporary, text);
  renameSync(temporary, path.join(folder, name));
};

/** null until it is there. */
export const readResult = (folder: string, token: string): JobResult | null => {
  const name = `result-${token}`;
  try {
    // A shared folder's list is asked for again each time; that a name was not there may be remembered for a minute.
    if (!readdirSync(folder).includes(name)) return null;
    const lines = readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n');
    return Object.fromEntries(lines.map(line => line.split(/=(.*)/s).slice(0, 2))) as JobResult;
  } catch {
    return null;
  }
};
