import {closeSync, openSync} from 'node:fs';
import {execa} from 'execa';
import type {Job} from '../../contract/executor.ts';
import type {Exit, OnText, StartedJob} from './started-job.ts';

/** Starts a job as a child of this process. */
export const startProcess = (job: Job, env: NodeJS.ProcessEnv, onProgressText: OnText): StartedJob => {
  // Execa's types know descriptors up to 9; Node takes any.
  const log = openSync(job.logFile, 'a') as 9;
  try {
    const [file = '', ...args] = job.argv;
    const child = execa(file, args, {
      cwd: job.cwd,
      env: {...env, ...job.env},
      extendEnv: false,
      // Straight into the file: nothing is lost when this process dies, and both keep their order.
      stdio: ['ignore', log, log, 'pipe'],
      detached: true,
      reject: false,
      buffer: false,
    });
    const progress = child.stdio[3];
    progress?.setEncoding('utf8').on('data', onProgressText);
    progress?.on('error', () => {});
    const exited = new Promise<Exit>(resolve => {
      // `exit`, not the end of all pipes: a grandchild may hold those open.
      child.once('exit', (code, signal) => resolve({code, signal}));
      child.once('error', error => resolve({code: null, signal: null, error}));
    });
    void exited.then(() => setImmediate(() => progress?.destroy()));
    // `detached`: it leads a session and a group of its own.
    const group = child.pid === undefined ? undefined : {id: child.pid, leader: child.pid};
    return {group: () => group, exited, cpuSeconds: () => undefined};
  } finally {
    closeSync(log);
  }
};
