import {readFileSync} from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {glob} from 'tinyglobby';
import {UserError} from './user-error.ts';

/** The committed records of a project at one time: reports and lock files, by root-relative path. */
export interface Snapshot {
  /** `HEAD~1`, `v1.0`, or `working tree`. */
  readonly name: string;
  /** Full hash; null for the working tree. */
  readonly commit: string | null;
  readonly files: ReadonlyMap<string, string>;
  /** The one report's folder that `files` was narrowed to, and the folders of all reports that there were. */
  readonly chosen?: string;
  readonly others?: readonly string[];
}

const wanted = /^(reports\/(.+\/)?(results|cost)|pipeline\.lock\/.+)\.json$/;

/** Throws a `UserError` where git or the repository is missing: everything else of `diff` needs them. */
export const requireRepository = async (root: string): Promise<void> => {
  const answer = await git(root, ['rev-parse', '--is-inside-work-tree']);
  if (answer.failed)
    throw new UserError(
      `commits are to be compared, and git finds none here: ${firstLine(answer.stderr)}\n` +
        'Make this folder a repository (git init), commit reports/ and pipeline.lock/, and ask again after the next change.',
    );
};

export const readWorkingTree = async (root: string): Promise<Snapshot> => {
  const found = await glob(['reports/**/*.json', 'pipeline.lock/**/*.json'], {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
  });
  const files = found
    .filter(file => wanted.test(file))
    .sort()
    .map(file => [file, readFileSync(path.join(root, file), 'utf8')] as const);
  return {name: 'working tree', commit: null, files: new Map(files)};
};

/** The records as of a commit, tag or branch. */
export const readRevision = async (root: string, name: string): Promise<Snapshot> => {
  const parsed = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  if (parsed.failed) throw await unknownRevision(root, name);
  const commit = parsed.stdout.trim();
  const prefix = (await git(root, ['rev-parse', '--show-prefix'])).stdout.trim();
  const listed = await git(root, ['ls-tree', '-r', '-z', '--name-only', commit, '--', 'reports', 'pipeline.lock']);
  const names = listed.stdout.split('\0').filter(file => wanted.test(file));
  return {
    name,
    commit,
    files: await readBlobs(
      root,
      names.map(file => [file, `${commit}:${prefix}${file}`]),
    ),
  };
};

/** All files in one process: a project of a thousand instances has as many lock files. */
const readBlobs = async (root: string, names: readonly (readonly [string, string])[]): Promise<Map<string, string>> => {
  const files = new Map<string, string>();
  if (names.length === 0) return files;
  const {stdout} = await execa('git', ['cat-file', '--batch'], {
    cwd: root,
    input: `${names.map(([, object]) => object).join('\n')}\n`,
    encoding: 'buffer',
    maxBuffer: 1 << 30,
  });
  const bytes = Buffer.from(stdout);
  let at = 0;
  for (const [file] of names) {
    // `<hash> blob <size>\n<content>\n`
    const end = bytes.indexOf(10, at);
    const header = bytes.toString('utf8', at, end);
    const size = Number(/ blob (\d+)$/.exec(header)?.[1] ?? NaN);
    if (Number.isNaN(size)) throw new Error(`Internal error: git cat-file answered "${header}" for ${file}`);
    files.set(file, bytes.toString('utf8', end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return files;
};

const unknownRevision = async (root: string, name: string): Promise<UserError> => {
  const isShallow = (await git(root, ['rev-parse', '--is-shallow-repository'])).stdout.trim() === 'true';
  if (isShallow)
    return new UserError(
      `git doesn't know the revision "${name}" in this shallow clone: it holds only the newest commits. Fetch more (git fetch --deepen=50, or --unshallow) and ask again.`,
    );
  const hasCommits = !(await git(root, ['rev-parse', '--verify', '--quiet', 'HEAD'])).failed;
  return new UserError(
    hasCommits
      ? `git doesn't know the revision "${name}". Expected a commit, tag or branch, such as HEAD~1 or main; git log --oneline lists commits.`
      : `git doesn't know the revision "${name}": there is no commit yet. Commit reports/ and pipeline.lock/ first.`,
  );
};

const git = async (
  cwd: string,
  args: readonly string[],
): Promise<{failed: boolean; stdout: string; stderr: string}> => {
  const {failed, code, stdout, stderr} = await execa('git', args, {cwd, reject: false, stripFinalNewline: false});
  if (code === 'ENOENT')
    throw new UserError('comparing commits needs git, and there is no command "git" here: install it.');
  return {failed, stdout, stderr};
};

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
