import {StageError} from './stage.ts';

/** Errors that were written for the user, by name: the classes themselves are in layers that the contract doesn't know. */
const written: ReadonlySet<string> = new Set(['InputError', 'EngineError']);

/** A wrong type or name is a mistake in the code, and an interruption no mistake at all: both stay as they are. */
const kept: ReadonlySet<string> = new Set(['StageError', 'TypeError', 'ReferenceError', 'AbortError']);

/**
 * Does work whose errors are the user's to repair (a file that can't be read or doesn't fit, a setting that asks for the
 * impossible): they become StageErrors, of which the message alone is shown. What a promise is rejected with, too.
 */
export const asUserError = <T>(work: () => T): T => {
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(rethrow) as T) : result;
  } catch (error) {
    return rethrow(error);
  }
};

const rethrow = (error: unknown): never => {
  if (!(error instanceof Error)) throw error;
  const {name, message} = error;
  if (!written.has(name) && (kept.has(name) || message.startsWith('Internal error:'))) throw error;
  throw new StageError(message, {cause: error});
};
