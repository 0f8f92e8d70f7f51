import {readFileSync} from 'node:fs';
import {relative} from 'node:path';
import type {Failure} from '../contract/event.ts';

/** What went wrong, in one line. */
export const failureText = (failure: Failure): string => {
  switch (failure.kind) {
    case 'exit-code':
      return `exit code ${failure.code}`;
    case 'signal':
      return `killed by ${failure.signal}`;
    case 'timed-out':
      return `stopped after ${failure.minutes} min (timeoutMinutes)`;
    case 'output-not-written':
      return `ended without writing ${failure.outputs.join(', ')}`;
    case 'input-missing':
      return `input ${failure.path} does not exist`;
    case 'input-changed-while-running':
      return `input ${failure.path} changed while the stage was running`;
    case 'could-not-start':
      return `could not start: ${failure.message}`;
    case 'vanished':
      return `vanished: ${failure.message}`;
    case 'late':
      return `not to be seen yet: ${failure.message}`;
    case 'could-not-save':
      return `could not save the outputs: ${failure.message}`;
    case 'interrupted':
      return 'interrupted';
    default:
      return unreachable(failure);
  }
};

/** What the user can do about it, or null where the log says more than we could. */
export const failureAdvice = (failure: Failure, id: string): string | null => {
  switch (failure.kind) {
    case 'exit-code':
      return failure.diskFull ? diskFull : null;
    case 'signal':
      if (failure.diskFull) return diskFull;
      return failure.signal === 'SIGKILL'
        ? 'SIGKILL often means that the machine ran out of memory: try --jobs 1, or raise resources.memoryMb of the stage.'
        : null;
    case 'timed-out':
      return `Raise timeoutMinutes of the stage if it needs longer.`;
    case 'output-not-written':
      return 'A command must write exactly the paths under `out:`, a stage type each of its `ctx.out`.';
    case 'input-missing':
      return failure.var === undefined
        ? 'Create the file, or correct the path under `in:`.'
        : `The path comes from the var ${failure.var}: give another with --set ${failure.var}=PATH, or create the file.`;
    case 'input-changed-while-running':
      return `The result would not belong to the inputs recorded, so it was dropped. Run again: pipeline run ${shellWord(id)}`;
    case 'could-not-start':
      return failure.message.includes('ENOSPC') ? diskFull : null;
    case 'vanished':
      return 'Nothing is wrong with the stage itself: run again, or give its resources another partition.';
    case 'late':
      return `Nothing is lost: the same command takes it up when the folder shows it. Where that is usual, \`cluster: {patienceSeconds: …}\` waits longer.`;
    case 'could-not-save':
      return 'Check the free space and the permissions of the project folder; what was there before is untouched.';
    case 'interrupted':
      return null;
    default:
      return unreachable(failure);
  }
};

const diskFull = 'The disk is full: free some space, then run again.';

/** The last lines of the stage's log and where the rest of it is: the first thing that everybody asks for. */
export const logTail = (failure: Failure, lineCount = 20): string[] => {
  if (!('logFile' in failure)) return [];
  const lines = readLog(failure.logFile);
  const path = displayPath(failure.logFile);
  if (lines.length === 0) return [`(the log is empty: ${path})`];
  const shown = lines.slice(-lineCount);
  const title = shown.length < lines.length ? `last ${shown.length} of ${lines.length} log lines` : 'log';
  return [`${title}, ${path}:`, ...shown.map(line => `  ${line}`)];
};

const readLog = (path: string): string[] => {
  try {
    const text = readFileSync(path, 'utf8').trimEnd();
    return text === '' ? [] : text.split('\n').map(withoutRewinds);
  } catch {
    return [];
  }
};

/** Of a line that was redrawn with carriage returns (progress bars of other programs) only the last state. */
const withoutRewinds = (line: string): string => {
  const text = line.replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
};

const displayPath = (path: string): string => {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
};

const shellWord = (text: string): string => (/^[\w@=,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const unreachable = (failure: never): never => {
  throw new Error(`Internal error: no words for ${JSON.stringify(failure)}`);
};
