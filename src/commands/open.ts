import {hubSettings} from '../io/hub-settings.ts';
import {formatConfigErrors} from '../runner/config/format-errors.ts';
import {openProject, type Project} from '../runner/project.ts';
import {engineFacts} from './engine-facts.ts';
import {hasColor, printNote} from './output.ts';
import type {ProjectChoice} from './options.ts';
import {UserError} from './user-error.ts';

/** The project of the current folder; throws a `UserError` that shows every mistake in the pipeline file. */
export const openHere = async ({file, profile, set}: ProjectChoice): Promise<Project> => {
  const opened = await openProject({
    cwd: process.cwd(),
    ...(file === undefined ? {} : {file}),
    ...(profile === undefined ? {} : {profile}),
    set,
    engine: engineFacts,
    downloads: hubSettings().cache,
    onHashing: (name, bytes) =>
      printNote(`reading inputs to see whether they changed: ${(bytes / 1e9).toFixed(1)} GB with ${name}`),
  });
  if (opened.ok) return opened.project;
  const isNothingHere = file === undefined && opened.errors.some(({code}) => code === 'file-not-found');
  const hint = isNothingHere ? '\n`pipeline init` writes a small one into the current folder.' : '';
  throw new UserError(formatConfigErrors(opened.errors, hasColor(process.stderr)).trimEnd() + hint);
};
