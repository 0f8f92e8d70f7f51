import {execFile} from 'node:child_process';

export interface Answer {
  /** null when there is no such program. */
  readonly code: number | null;
  readonly stdout: string;
  /** What a person needs of it: without `sbatch: error: ` in front of each line. */
  readonly stderr: string;
}

/** Runs one of Slurm's commands to its end. A controller that does not answer makes it fail after this time. */
export const callSlurm = (program: string, args: readonly string[], timeoutMs = 120_000): Promise<Answer> =>
  new Promise(resolve => {
    const options = {timeout: timeoutMs, maxBuffer: 1 << 28, encoding: 'utf8'} as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const text = stderr.replaceAll(/^\w+: (?:error: |fatal: )?/gm, '').trim();
      if (error === null) return resolve({code: 0, stdout, stderr: text});
      if (error.code === 'ENOENT') return resolve({code: null, stdout: '', stderr: `there is no ${program} here`});
      resolve({code: typeof error.code === 'number' ? error.code : 1, stdout, stderr: text || error.message});
    });
  });
