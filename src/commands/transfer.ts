import {Option} from '@commander-js/extra-typings';
import {formatBytes} from '../reporters/size-text.ts';
import {plural} from '../report/format.ts';
import {isLiveTerminal, printNote} from './output.ts';
import {stopOnSignals} from './stop-on-signals.ts';

export const remoteOption = () =>
  new Option('-r, --remote <address>', 'a folder, or s3://BUCKET/PATH (default: `remote:` of the pipeline file)');

/** How many paths a list shows before it counts the rest. */
const mostPaths = 5;

/** `  artifacts/teacher/model` a line. */
export const pathLines = (paths: readonly string[]): string[] => [
  ...paths.slice(0, mostPaths).map(path => `  ${path}`),
  ...(paths.length > mostPaths ? [`  … and ${paths.length - mostPaths} more`] : []),
];

interface Transfer {
  readonly signal: AbortSignal;
  readonly onProgress: (objects: number, bytes: number) => void;
}

/**
 * Moves objects under the user's hands: shows how far it is, stops at Ctrl-C, and says of what goes wrong that the command
 * goes on where it stopped. null when it did not come to its end; the exit code is then set.
 */
export const transfer = async <T>(verb: string, act: (tools: Transfer) => Promise<T>): Promise<T | null> => {
  const live = isLiveTerminal(process.stderr);
  const clear = (): void => void (live && process.stderr.write('\r\x1b[K'));
  let done = 'nothing';
  const onProgress = (objects: number, bytes: number): void => {
    done = `${plural(objects, 'object')}, ${formatBytes(bytes)}`;
    clear();
    if (live) process.stderr.write(`${verb} ${done}`);
  };
  const stopping = stopOnSignals({onFirst: () => undefined, onSecond: () => process.exit(130)});
  stopping.listen();
  try {
    const result = await act({signal: stopping.signal, onProgress});
    clear();
    return result;
  } catch (error) {
    clear();
    if ((error as Error).name === 'SelectionError') throw error;
    const why = stopping.signal.aborted ? 'interrupted' : `stopped: ${(error as Error).message}`;
    printNote(`${why}\n${verb} so far: ${done}; the same command goes on from there`);
    process.exitCode = stopping.signal.aborted ? 130 : 1;
    return null;
  } finally {
    stopping.forget();
  }
};
