import {checked, parseJson} from '../report/checked.ts';
import {costSchema, type Cost} from '../report/cost.ts';
import type {Snapshot as ReportSnapshot} from '../report/diff-types.ts';
import {parseResults} from '../report/parse-results.ts';
import {findPipeline} from '../runner/config/find-pipeline.ts';
import {readRevision, readWorkingTree, requireRepository, type Snapshot} from './revision.ts';
import {UserError} from './user-error.ts';

/** What a command that compares two times was told. */
export interface Sides {
  readonly cwd: string;
  readonly old: string;
  /** null: the working tree. */
  readonly new: string | null;
}

/** The nearest project here or above, else this folder. */
export const projectRoot = (cwd: string): string => {
  const found = findPipeline({cwd});
  return found.ok ? found.location.root : cwd;
};

/** The committed records of both times. Throws `UserError` where git or a commit is missing. */
export const readSides = async (sides: Sides): Promise<[Snapshot, Snapshot]> => {
  const root = projectRoot(sides.cwd);
  await requireRepository(root);
  const [first, second] = rangeOf(sides);
  return Promise.all([readRevision(root, first), second === null ? readWorkingTree(root) : readRevision(root, second)]);
};

/** `diff A..B` is what people type who know git. */
export const rangeOf = ({old, new: now}: Sides): [string, string | null] => {
  const range = now === null ? /^(.+?)\.\.([^.].*)$/.exec(old) : null;
  return range ? [range[1] as string, range[2] as string] : [old, now];
};

const resultsFile = /^(reports(?:\/.+)?)\/results\.json$/;

export const foldersOf = ({files}: Snapshot): string[] =>
  [...files.keys()].flatMap(file => resultsFile.exec(file)?.[1] ?? []);

export const requireReports = (side: Snapshot): void => {
  if (foldersOf(side).length > 0) return;
  throw new UserError(
    side.commit === null
      ? 'there is no reports/results.json in the working tree: make one with `pipeline run`.'
      : `there is no reports/results.json at ${side.name} (${side.commit.slice(0, 10)}): the report was not committed then. Name a commit that has it (git log --oneline -- reports lists them).`,
  );
};

/** Lock files lie beside reports: `reports/x` has those directly in `pipeline.lock/x`. */
export const locksOf = (folder: string, {files}: Snapshot): Map<string, string> => {
  const locks = `pipeline.lock${folder.slice('reports'.length)}/`;
  return new Map([...files].filter(([file]) => file.startsWith(locks) && !file.slice(locks.length).includes('/')));
};

export const readReport = (folder: string, side: Snapshot): ReportSnapshot | null => {
  const text = side.files.get(`${folder}/results.json`);
  if (text === undefined) return null;
  try {
    const results = parseResults(text, `${folder}/results.json at ${side.name}`);
    return {results, cost: readCost(side.files.get(`${folder}/cost.json`), `${folder}/cost.json at ${side.name}`)};
  } catch (error) {
    if (error instanceof Error && error.name === 'InputError') throw new UserError(error.message);
    throw error;
  }
};

const readCost = (text: string | undefined, where: string): Cost | null => {
  if (text === undefined) return null;
  const json = parseJson(text, where);
  return json === null ? null : checked(costSchema, json, where);
};
