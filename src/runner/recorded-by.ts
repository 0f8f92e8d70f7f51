import {git} from './git.ts';

/** The commit that put a lock file's present text into the repository, or the last one before it was changed again. */
export interface RecordedBy {
  /** Abbreviated. */
  readonly commit: string;
  /** `2026-11-22`, of the author. */
  readonly date: string;
  readonly subject: string;
  /** False when the file has been written again since, and that is not committed yet. */
  readonly isPresent: boolean;
}

/** For root-relative files; those that no commit knows are left out. One walk through the history for all of them. */
export const recordedBy = async (root: string, files: readonly string[]): Promise<Map<string, RecordedBy>> => {
  const found = new Map<string, RecordedBy>();
  if (files.length === 0) return found;
  const changed = await git(root, ['status', '--porcelain=v1', '-z', '--untracked-files=no', '--', ...files]);
  if (!changed.ok) return found;
  const prefix = (await git(root, ['rev-parse', '--show-prefix'])).stdout.toString().trimEnd();
  // ` M path`, from the top of the repository.
  const edited = new Set(
    changed.stdout
      .toString()
      .split('\0')
      .map(entry => entry.slice(3 + prefix.length)),
  );
  const log = await git(root, [
    'log',
    '--relative',
    '--name-only',
    '--date=short',
    '-z',
    '--format=%x01%h%x02%ad%x02%s%x02',
    '--',
    ...files,
  ]);
  const wanted = new Set(files);
  for (const entry of log.stdout.toString().split('\u0001').slice(1)) {
    const [commit = '', date = '', subject = '', names = ''] = entry.split('\u0002');
    for (const name of names.split('\0').map(each => each.trim())) {
      if (!wanted.has(name) || found.has(name)) continue;
      found.set(name, {commit, date, subject, isPresent: !edited.has(name)});
    }
    if (found.size === wanted.size) break;
  }
  return found;
};
