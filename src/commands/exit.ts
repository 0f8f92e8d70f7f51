import {printNote} from './output.ts';

/** The user's mistakes, by the name of their class: they come from layers that share no base class on purpose. */
const userErrors = new Set(['UserError', 'SelectionError']);

/** What ends a command early: sets the exit code, and says what it means. */
export const exitWith = (error: unknown): void => {
  if (!(error instanceof Error)) return reportBug(error);
  if (isCommanderError(error)) {
    // Commander has printed its message by now; its own exit code for mistakes is 1.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (userErrors.has(error.name)) {
    printNote(error.message);
    process.exitCode = 2;
  } else if (isSystemError(error)) {
    printNote(systemErrorText(error));
    process.exitCode = 1;
  } else {
    reportBug(error);
  }
};

/** A bug of ours: everything that helps to find it, and where to send it. Ends the process. */
export const reportBug = (error: unknown): void => {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const title = stack.includes('Internal error:') ? '' : 'Internal error: ';
  printNote(
    `${title}${stack}\n\nThis is a bug in distill-pipeline. Please report it with the text above, the command, the pipeline file, ` +
      `and: Node ${process.version}, ${process.platform} ${process.arch}.`,
  );
  process.exit(1);
};

const isCommanderError = (error: Error): error is Error & {exitCode: number} =>
  'exitCode' in error && 'code' in error && String(error.code).startsWith('commander.');

const isSystemError = (error: Error): error is NodeJS.ErrnoException & {syscall: string} =>
  'syscall' in error && 'code' in error && typeof error.code === 'string';

const systemErrorText = ({code, message, path}: NodeJS.ErrnoException): string => {
  switch (code ?? '') {
    case 'ENOSPC':
    case 'EDQUOT':
      return `no space left on the device${path ? ` while writing ${path}` : ''}: free some, then run again; what has finished is kept`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `not allowed to write or read ${path ?? 'a file'} (${code}): check its owner and permissions`;
    case 'EMFILE':
    case 'ENFILE':
      return 'too many open files: raise the limit with `ulimit -n 4096`';
    default:
      return message;
  }
};
