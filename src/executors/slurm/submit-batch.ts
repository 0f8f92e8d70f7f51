import {randomBytes} from 'node:crypto';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Job} from '../../contract/executor.ts';
import {batchScript, taskText} from './batch-script.ts';
import {callSlurm} from './call.ts';
import {writeRecord, writeTask} from './job-folder.ts';
import {isPassing, refusalText} from './refusal.ts';
import {queryStates} from './states.ts';

export interface Placed {
  readonly job: Job;
  readonly folder: string;
}

export interface Submitted {
  readonly token: string;
  /** Slurm's id of each job, in the order given. */
  readonly ids: readonly string[];
}

/** Where the files of one submission are, beside the folders of its jobs. */
export const batchFolder = (jobFolder: string, token: string): string =>
  path.join(path.dirname(jobFolder), `.batch-${token}`);

/** How long a shared folder may take to show what another machine wrote; NFS itself keeps what it knew for up to 60 s. */
export const patienceOf = ({cluster}: Job): number => cluster?.patienceSeconds ?? 60;

/** A controller that cannot be reached for this long is not just being restarted. */
const silenceMs = 5 * 60_000;

/**
 * Gives jobs of the same stage and needs to Slurm, as one array. A full queue is waited for. Throws what Slurm says when it
 * refuses for good; null when `isWanted` has become false while waiting.
 */
export const submitBatch = async (batch: readonly Placed[], isWanted: () => boolean): Promise<Submitted | null> => {
  let silentSince: number | null = null;
  for (let waitMs = 1000; ; waitMs = Math.min(waitMs * 2, 30_000)) {
    if (!isWanted()) return null;
    // Another for each attempt: should an attempt that seemed to fail have come through, its jobs end at once.
    const token = randomBytes(5).toString('hex');
    prepareFiles(batch, token);
    const {code, stdout, stderr} = await callSlurm('sbatch', sbatchArguments(batch, token));
    const id = code === 0 ? /^(\d+)/m.exec(stdout)?.[1] : await idOf(stderr, token);
    if (id !== undefined) {
      const ids = batch.length === 1 ? [id] : batch.map((_, index) => `${id}_${index}`);
      remember(batch, token, ids);
      return {token, ids};
    }
    rmSync(batchFolder(batch[0]!.folder, token), {recursive: true, force: true});
    const isSilent = /contact|timed out|refused|zero bytes/i.test(stderr);
    silentSince = isSilent ? (silentSince ?? performance.now()) : null;
    if (!isPassing(stderr) || (silentSince !== null && performance.now() - silentSince > silenceMs)) {
      throw new Error(await refusalText(stderr, batch[0]!.job.cluster?.partition));
    }
    await new Promise(resolve => setTimeout(resolve, waitMs));
  }
};

/** The answer may have been lost on the way back, and the submission not. */
const idOf = async (message: string, token: string): Promise<string | undefined> => {
  if (!/timed out|zero bytes|connection/i.test(message)) return undefined;
  for (const {id, name} of (await queryStates())?.values() ?? []) if (name.endsWith(token)) return id.split('_')[0];
  return undefined;
};

/** All that the nodes will read, before Slurm knows of it. */
const prepareFiles = (batch: readonly Placed[], token: string): void => {
  const {folder, job} = batch[0]!;
  const prologue = job.cluster?.prologue;
  remember(batch, token, null);
  for (const each of batch) {
    writeTask(each.folder, token, taskText(each.job));
    mkdirSync(path.dirname(each.job.logFile), {recursive: true});
    writeFileSync(each.job.logFile, '');
  }
  const files = batchFolder(folder, token);
  mkdirSync(files, {recursive: true});
  const list = path.join(files, 'jobs');
  writeFileSync(list, batch.map(each => `${each.folder}\n`).join(''));
  const before = prologue === undefined ? null : path.join(files, 'prologue.sh');
  if (before !== null) writeFileSync(before, `${prologue}\n`);
  writeFileSync(
    path.join(files, 'batch.sh'),
    batchScript({token, list, prologue: before, patienceSeconds: patienceOf(job)}),
  );
};

const remember = (batch: readonly Placed[], token: string, ids: readonly string[] | null): void =>
  batch.forEach(({job, folder}, at) => {
    const {id, key = null} = job;
    const index = batch.length === 1 ? null : at;
    const patienceSeconds = patienceOf(job);
    writeRecord(folder, {schema: 1, executor: 'slurm', id, key, token, index, job: ids?.[at] ?? null, patienceSeconds});
  });

const sbatchArguments = (batch: readonly Placed[], token: string): string[] => {
  const {job, folder} = batch[0]!;
  const {resources, cluster = {}, timeoutMs} = job;
  const files = batchFolder(folder, token);
  const isAlone = batch.length === 1;
  // The job's own limit is kept by the batch script, to the second; Slurm's is there in case that cannot.
  const minutes = timeoutMs === undefined ? Math.ceil(resources.minutes) : Math.ceil(timeoutMs / 60_000) + 1;
  return [
    ...['--parsable', '--no-requeue', '--nodes=1', '--ntasks=1', '--open-mode=append'],
    `--job-name=${isAlone ? job.id : (job.stage ?? job.id)}-${token}`,
    `--comment=distill-pipeline ${isAlone ? `${job.id} ${job.key ?? ''}` : `${batch.length} jobs: ${files}/jobs`}`,
    `--output=${files}/output`,
    `--chdir=${job.cwd}`,
    `--cpus-per-task=${resources.cpus}`,
    `--mem=${Math.ceil(resources.memoryMb)}M`,
    `--time=${minutes}`,
    ...(resources.gpus > 0 ? [`--gres=gpu:${resources.gpus}`] : []),
    ...(['partition', 'account', 'qos'] as const).flatMap(name =>
      cluster[name] === undefined ? [] : [`--${name}=${cluster[name]}`],
    ),
    ...(isAlone ? [] : [`--array=0-${batch.length - 1}`]),
    ...(cluster.options ?? []),
    `${files}/batch.sh`,
  ];
};
