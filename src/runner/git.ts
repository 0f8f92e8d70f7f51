import {existsSync} from 'node:fs';
import path from 'node:path';
import type {execFile as ExecFile} from 'node:child_process';

export interface GitAnswer {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git in a folder; a git that is not installed is a failed answer like any other. */
export const git = (cwd: string, args: readonly string[], input = ''): Promise<GitAnswer> =>
  new Promise(resolve => {
    // Most commands never ask git, and loading this module takes time.
    const {execFile} = process.getBuiltinModule('node:child_process') as {execFile: typeof ExecFile};
    const child = execFile(
      'git',
      // Asking must not write: another git process may be working in this repository.
      ['--no-optional-locks', ...args],
      {cwd, encoding: 'buffer', maxBuffer: 1 << 30},
      (error, stdout, stderr) => resolve({ok: error === null, stdout, stderr: stderr.toString().trim()}),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });

/** True when a repository is here, whether or not git is willing to read it. */
export const hasRepository = (folder: string): boolean => {
  for (let here = folder; ; here = path.dirname(here)) {
    if (existsSync(path.join(here, '.git'))) return true;
    if (here === path.dirname(here)) return false;
  }
};
