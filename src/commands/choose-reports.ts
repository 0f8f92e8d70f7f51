import {formatConfigErrors} from '../runner/config/format-errors.ts';
import {findPipeline, pipelineFolders} from '../runner/config/find-pipeline.ts';
import {writtenName} from '../runner/config/written-name.ts';
import {hasColor} from './output.ts';
import type {Snapshot} from './revision.ts';
import {UserError} from './user-error.ts';

/** Which of a project's reports a command is about: all of them, unless a file or a profile is named. */
export interface ReportChoice {
  readonly cwd: string;
  readonly file?: string | undefined;
  readonly profile?: string | undefined;
}

export interface ChosenReports {
  readonly root: string;
  /** The report's folder and that of its lock files; null for all. */
  readonly only: {readonly reports: string; readonly locks: string} | null;
}

/**
 * The nearest project here or above, else this folder. Nothing but the pipeline's name is read from its file: a report of a
 * profile that was taken out of it since can still be compared.
 */
export const chooseReports = ({cwd, file, profile}: ReportChoice): ChosenReports => {
  const found = findPipeline({cwd, ...(file === undefined ? {} : {file})});
  if (!found.ok) {
    if (file === undefined && profile === undefined) return {root: cwd, only: null};
    throw new UserError(formatConfigErrors([...found.errors], hasColor(process.stderr)).trimEnd());
  }
  const {location} = found;
  const {root} = location;
  if (file === undefined && profile === undefined) return {root, only: null};
  const {reportsDir, locksDir} = pipelineFolders(location, writtenName(location), profile ?? '');
  return {root, only: {reports: reportsDir, locks: locksDir}};
};

/** The records of the chosen report alone; a folder below it belongs to another pipeline. */
export const narrowed = (side: Snapshot, {only}: ChosenReports): Snapshot => {
  if (only === null) return side;
  const folders = [only.reports, only.locks];
  const files = [...side.files].filter(([file]) => folders.includes(file.slice(0, file.lastIndexOf('/'))));
  return {...side, files: new Map(files), chosen: only.reports, others: reportFolders(side)};
};

const resultsFile = /^(reports(?:\/.+)?)\/results\.json$/;

/** Folders that have a report. */
export const reportFolders = ({files}: Snapshot): string[] =>
  [...files.keys()].flatMap(file => resultsFile.exec(file)?.[1] ?? []);
