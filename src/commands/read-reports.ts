import {checked, parseJson} from '../report/checked.ts';
import {costSchema, type Cost} from '../report/cost.ts';
import type {Snapshot as ReportSnapshot} from '../report/diff-types.ts';
import {parseResults} from '../report/parse-results.ts';
import {chooseReports, narrowed, reportFolders, type ReportChoice} from './choose-reports.ts';
import {readRevision, readWorkingTree, requireRepository, type Snapshot} from './revision.ts';
import {UserError} from './user-error.ts';

/** What a command that compares two times was told. */
export interface Sides extends ReportChoice {
  readonly old: string;
  /** null: the working tree. */
  readonly new: string | null;
}

/** The records as they lie here; needs no git. */
export const readHere = async (choice: ReportChoice): Promise<Snapshot> => {
  const chosen = chooseReports(choice);
  return narrowed(await readWorkingTree(chosen.root), chosen);
};

/** The committed records of both times. Throws `UserError` where git or a commit is missing. */
export const readSides = async (sides: Sides): Promise<[Snapshot, Snapshot]> => {
  const chosen = chooseReports(sides);
  const {root} = chosen;
  await requireRepository(root);
  const [first, second] = rangeOf(sides);
  const [old, now] = await Promise.all([
    readRevision(root, first),
    second === null ? readWorkingTree(root) : readRevision(root, second),
  ]);
  return [narrowed(old, chosen), narrowed(now, chosen)];
};

/** `diff A..B` is what people type who know git. */
export const rangeOf = ({old, new: now}: Sides): [string, string | null] => {
  const range = now === null ? /^(.+?)\.\.([^.].*)$/.exec(old) : null;
  return range ? [range[1] as string, range[2] as string] : [old, now];
};

export const requireReports = (side: Snapshot): void => {
  if (reportFolders(side).length > 0) return;
  const {chosen = 'reports', others = []} = side;
  const found = others.length > 0 ? ` Found there: ${others.toSorted().join(', ')}.` : '';
  throw new UserError(
    side.commit === null
      ? `there is no ${chosen}/results.json in the working tree: make one with \`pipeline run\`${side.chosen ? ' and the same --file and --profile' : ''}.${found}`
      : `there is no ${chosen}/results.json at ${side.name} (${side.commit.slice(0, 10)}): the report was not committed then.${found} Name a commit that has it (git log --oneline -- ${chosen} lists them).`,
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
