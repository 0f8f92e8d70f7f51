import {costSchema, type Cost} from '../report/cost.ts';
import {diffResults, type ResultsDiff, type Snapshot as ReportSnapshot} from '../report/diff.ts';
import {checked, parseJson, parseResults} from '../report/results.ts';
import {findPipeline} from '../runner/config/find-pipeline.ts';
import {explain, type Explanation} from './explain.ts';
import {readRevision, readWorkingTree, requireRepository, type Snapshot} from './revision.ts';
import {UserError} from './user-error.ts';

/** One pipeline's report at both times. */
export interface ReportDiff {
  /** `reports`, or `reports/<pipeline>-<profile>`. */
  readonly folder: string;
  /** The side that has no such report; null where both have it. */
  readonly only: 'old' | 'new' | null;
  readonly results: ResultsDiff | null;
  readonly explanation: Explanation;
}

export interface ProjectDiff {
  readonly same: boolean;
  readonly old: Pick<Snapshot, 'name' | 'commit'>;
  readonly new: Pick<Snapshot, 'name' | 'commit'>;
  readonly reports: readonly ReportDiff[];
}

export interface DiffOptions {
  readonly cwd: string;
  readonly old: string;
  /** null: the working tree. */
  readonly new: string | null;
}

/** Everything that `pipeline diff` knows. Throws `UserError` where there is nothing to compare. */
export const diffProject = async (options: DiffOptions): Promise<ProjectDiff> => {
  const found = findPipeline({cwd: options.cwd});
  const root = found.ok ? found.location.root : options.cwd;
  await requireRepository(root);
  const [first, second] = rangeOf(options);
  const [old, now] = await Promise.all([
    readRevision(root, first),
    second === null ? readWorkingTree(root) : readRevision(root, second),
  ]);
  for (const side of [old, now]) requireReports(side);
  const folders = [...new Set([...foldersOf(old), ...foldersOf(now)])].sort();
  const reports = folders.map(folder => diffReport(folder, old, now));
  const same = reports.every(report => report.results?.same ?? false);
  const names = ({name, commit}: Snapshot) => ({name, commit});
  return {same, old: names(old), new: names(now), reports};
};

/** `diff A..B` is what people type who know git. */
const rangeOf = ({old, new: now}: DiffOptions): [string, string | null] => {
  const range = now === null ? /^(.+?)\.\.([^.].*)$/.exec(old) : null;
  return range ? [range[1] as string, range[2] as string] : [old, now];
};

const resultsFile = /^(reports(?:\/.+)?)\/results\.json$/;

const foldersOf = ({files}: Snapshot): string[] => [...files.keys()].flatMap(file => resultsFile.exec(file)?.[1] ?? []);

const requireReports = (side: Snapshot): void => {
  if (foldersOf(side).length > 0) return;
  throw new UserError(
    side.commit === null
      ? 'there is no reports/results.json in the working tree: make one with `pipeline run`.'
      : `there is no reports/results.json at ${side.name} (${side.commit.slice(0, 10)}): the report was not committed then. Name a commit that has it (git log --oneline -- reports lists them).`,
  );
};

const diffReport = (folder: string, old: Snapshot, now: Snapshot): ReportDiff => {
  const explanation = explain(locksOf(folder, old), locksOf(folder, now));
  const [before, after] = [readReport(folder, old), readReport(folder, now)];
  if (!before || !after) return {folder, only: before ? 'old' : 'new', results: null, explanation};
  return {folder, only: null, results: diffResults(before, after), explanation};
};

/** Lock files lie beside reports: `reports/x` has those directly in `pipeline.lock/x`. */
const locksOf = (folder: string, {files}: Snapshot): Map<string, string> => {
  const locks = `pipeline.lock${folder.slice('reports'.length)}/`;
  return new Map([...files].filter(([file]) => file.startsWith(locks) && !file.slice(locks.length).includes('/')));
};

const readReport = (folder: string, side: Snapshot): ReportSnapshot | null => {
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
