import {spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import type {Readable} from 'node:stream';
import type {Job} from '../../contract/executor.ts';
import type {Exit, OnText, StartedJob} from './started-job.ts';

/** Starts a job as a child of this process. */
export const startProcess = (job: Job, env: NodeJS.ProcessEnv, onProgressText: OnText): StartedJob => {
  const log = openSync(job.logFile, 'a');
  try {
    const [file = '', ...args] = job.argv;
    const child = spawn(file, args, {
      cwd: job.cwd,
      env: {...env, ...job.env},
      // Straight into the file: nothing is lost when this process dies, and both keep their order.
      stdio: ['ignore', log, log, 'pipe'],
      detached: true,
    });
    const progress = child.stdio[3] as Readable;
    progress.setEncoding('utf8').on('data', onProgressText);
    progress.on('error', () => {});
    const exited = new Promise<Exit>(resolve => {
      // `exit`, not the end of all pipes: a grandchild may hold those open.
      child.once('exit', (code, signal) => resolve({code, signal}));
      child.once('error', error => resolve({code: null, signal: null, error}));
    });
    void exited.then(() => setImmediate(() => progress.destroy()));
    return {pid: () => child.pid, exited};
  } finally {
    closeSync(log);
  }
};
