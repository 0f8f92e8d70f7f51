import {diffResults} from '../report/diff.ts';
import {cellLabel} from '../report/diff-cells.ts';
import type {DiffOptions as ResultsOptions, ResultsDiff} from '../report/diff-types.ts';
import {isChange} from '../report/verdict.ts';
import {explain, type Explanation} from './explain.ts';
import {reportFolders} from './choose-reports.ts';
import {locksOf, readReport, readSides, requireReports, type Sides} from './read-reports.ts';
import type {Snapshot} from './revision.ts';

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
  /** Whether any cell changed by more than noise, and whether for the worse. */
  readonly changed: boolean;
  readonly regression: boolean;
  readonly old: Pick<Snapshot, 'name' | 'commit'>;
  readonly new: Pick<Snapshot, 'name' | 'commit'>;
  readonly reports: readonly ReportDiff[];
}

export interface DiffOptions extends ResultsOptions, Sides {}

/** Everything that `pipeline diff` knows. Throws `UserError` where there is nothing to compare. */
export const diffProject = async (options: DiffOptions): Promise<ProjectDiff> => {
  const [old, now] = await readSides(options);
  for (const side of [old, now]) requireReports(side);
  const folders = [...new Set([...reportFolders(old), ...reportFolders(now)])].sort();
  const reports = folders.map(folder => diffReport(folder, old, now, options));
  const same = reports.every(report => report.results?.same ?? false);
  const names = ({name, commit}: Snapshot) => ({name, commit});
  return {
    same,
    changed: reports.some(({results}) => results === null || results.changed.some(isChange)),
    regression: reports.some(({results}) => results?.regression ?? false),
    old: names(old),
    new: names(now),
    reports,
  };
};

const diffReport = (folder: string, old: Snapshot, now: Snapshot, options: ResultsOptions): ReportDiff => {
  const [before, after] = [readReport(folder, old), readReport(folder, now)];
  const results = before && after ? diffResults(before, after, options) : null;
  const cells = (results?.changed ?? []).map(cell => ({label: cellLabel(cell), from: cell.from}));
  const explanation = explain(locksOf(folder, old), locksOf(folder, now), cells);
  return {folder, only: results ? null : before ? 'old' : 'new', results, explanation};
};
