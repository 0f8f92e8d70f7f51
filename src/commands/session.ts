import type {Reporter} from '../contract/event.ts';
import type {Executor} from '../contract/executor.ts';
import {stopOnSignals} from './stop-on-signals.ts';

/** What a command that starts jobs does under the user's hands: the first Ctrl-C stops them, the second kills. */
export interface Session {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Does one thing with a reporter, which is closed afterwards, whatever happened. */
  run<T>(reporter: Reporter, act: (reporter: Reporter, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Back to what Node does by itself on a signal. */
  end(): void;
}

export const startSession = (executor: Executor): Session => {
  let current: Reporter | null = null;
  const stopping = stopOnSignals({
    onFirst: () => current?.report({kind: 'warning', message: 'stopping the running stages; once more kills them now'}),
    onSecond: () => executor.kill?.(),
  });
  return {
    signal: stopping.signal,
    end: () => stopping.forget(),
    async run(reporter, act) {
      current = reporter;
      try {
        return await act(reporter, stopping.signal);
      } finally {
        current = null;
        reporter.close();
      }
    },
  };
};
