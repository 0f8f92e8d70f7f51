import type {Project} from '../runner/project.ts';
import {scopeOf, SelectionError, type SelectOptions} from '../runner/select.ts';
import {
  changesBetween,
  type Change,
  type Snapshot,
  takeSnapshot,
  type Watched,
  watchedBy,
} from '../runner/watch/snapshot.ts';
import {waitForChange} from '../runner/watch/wait-for-change.ts';
import {colorsFor, printNote} from './output.ts';
import {UserError} from './user-error.ts';

interface WatchRequest {
  readonly project: Project;
  readonly selection: SelectOptions;
  readonly reopen: () => Promise<Project>;
  readonly once: (project: Project, selection: SelectOptions) => Promise<number>;
  readonly signal: AbortSignal;
}

/** Runs, waits for a change of what was read, runs again: until it is interrupted. The exit code is then 130. */
export const watch = async ({project, selection, reopen, once, signal}: WatchRequest): Promise<number> => {
  const colors = colorsFor(process.stderr);
  let chosen = selection;
  let now = await seenOf(project, chosen);
  while (!signal.aborted) {
    if (now.opened !== null) await once(now.opened, chosen);
    if (signal.aborted) break;
    const {watched, before} = now;
    printNote(colors.dim(`watching ${before.size === 1 ? 'one file' : `${before.size} files`}; Ctrl-C ends`));
    const changes = await waitForChange(watched, before, signal);
    if (changes === null) break;
    for (const line of changeLines(changes)) printNote(colors.bold(line));
    // Force is for what the user asked for, once.
    chosen = {...selection, force: false};
    now = await openAgain(watched, reopen, chosen);
  }
  return 130;
};

interface Seen {
  /** null: nothing to run, before the next edit. */
  readonly opened: Project | null;
  readonly watched: Watched;
  /** Before the run: what is edited while it runs is then a change as well. */
  readonly before: Snapshot;
}

const seenOf = async (opened: Project, selection: SelectOptions): Promise<Seen> => {
  const watched = await watchedBy(opened, scopeOf(opened.graph, selection).instances);
  return {opened, watched, before: takeSnapshot(watched)};
};

/** An edit that is made while the pipeline is being read is none that was read: it counts as the next one. */
const openAgain = async (watched: Watched, reopen: () => Promise<Project>, selection: SelectOptions): Promise<Seen> => {
  // A mistake in pipeline.yaml may be mended in a stage file that nothing has read yet.
  const wider = {...watched, paths: new Set([...watched.paths, 'stages'])};
  const before = takeSnapshot(wider);
  const opened = await tryToOpen(reopen, selection);
  const seen = opened && (await seenOf(opened, selection));
  const isOutdated = changesBetween(before, takeSnapshot(wider)).length > 0;
  return seen && !isOutdated ? seen : {opened: null, watched: wider, before};
};

/** null when the pipeline has a mistake, which has been told: the next edit may mend it. */
const tryToOpen = async (reopen: () => Promise<Project>, selection: SelectOptions): Promise<Project | null> => {
  try {
    const project = await reopen();
    scopeOf(project.graph, selection);
    return project;
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof SelectionError)) throw error;
    printNote(error.message);
    return null;
  }
};

const mostLines = 8;

const changeLines = (changes: readonly Change[]): string[] => {
  const shown = changes.slice(0, changes.length > mostLines ? mostLines - 1 : mostLines);
  const lines = shown.map(({kind, path}) => `${kind}: ${path}`);
  return shown.length < changes.length ? [...lines, `and ${changes.length - shown.length} more`] : lines;
};
