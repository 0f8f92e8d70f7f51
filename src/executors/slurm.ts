import {existsSync, rmSync} from 'node:fs';
import type {Executor, ExecutorOptions, Job, JobOutcome} from '../contract/executor.ts';
import {callSlurm} from './slurm/call.ts';
import {findJob, forgetBatches} from './slurm/find-job.ts';
import {readRecord, readResult} from './slurm/job-folder.ts';
import {Submitter} from './slurm/submitter.ts';
import {Watcher} from './slurm/watcher.ts';

/**
 * Jobs on a cluster, through `sbatch`. They outlive the runner: each has a folder that says which job it is, written before
 * it is submitted, and the next run waits for it instead of submitting another.
 */
const slurmExecutor = ({detach = false}: ExecutorOptions = {}): Executor => {
  const submitter = new Submitter();
  const watcher = new Watcher();
  const neverStopped = new AbortController().signal;
  return {
    name: 'slurm',

    async problem() {
      const {code, stderr} = await callSlurm('squeue', ['--me', '-h'], 60_000);
      if (code === 0) return null;
      return code === null
        ? 'there is no Slurm here: `sbatch` and `squeue` are not among the programs. Run this on a login node of the cluster, or without `--executor slurm`.'
        : `Slurm does not answer: ${stderr.split('\n')[0]}. Try \`sinfo\`; SLURM_CONF names another configuration.`;
    },

    find: ({folder, key}) => findJob(folder, key),

    kill: () => watcher.kill(),

    async run(job, signal): Promise<JobOutcome> {
      if (signal.aborted) return {kind: 'aborted', usage: {seconds: 0}};
      const folder = job.folder ?? `${job.logFile}.job`;
      const placed = (await foundBefore(job, folder)) ?? (await submitter.submit(job, folder, signal));
      if (placed === null) return {kind: 'aborted', usage: {seconds: 0}};
      const watched = {job, folder, ...placed};
      if (detach && readResult(folder, placed.token) === null) return {kind: 'detached', usage: {seconds: 0}};
      const outcome = await watcher.watch(watched, detach ? neverStopped : signal);
      // What the runner gave a folder, it removes when the job's outputs are in safety.
      if (job.folder === undefined) {
        rmSync(folder, {recursive: true, force: true});
        forgetBatches(folder);
      }
      return outcome;
    },
  };
};

export default slurmExecutor;

/** The job that `find` has found, if this is it. */
const foundBefore = async (job: Job, folder: string): Promise<{token: string; id: string} | null> => {
  if (job.folder === undefined || job.key === undefined || !existsSync(folder)) return null;
  if (!(await findJob(folder, job.key))) return null;
  const record = readRecord(folder);
  return record?.job == null ? null : {token: record.token, id: record.job};
};
