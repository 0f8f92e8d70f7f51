import {execFileSync} from 'node:child_process';
import type {Rig} from '../rig.ts';

/** git in the rig's folder, as nobody in particular. */
export const gitIn = (rig: Rig): ((...args: string[]) => string) => {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: rig.root,
      encoding: 'utf8',
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@example.org',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@example.org',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  git('init', '-q', '-b', 'main');
  rig.write({'.gitignore': '.pipeline/\nout/\nartifacts/\n'});
  return git;
};
