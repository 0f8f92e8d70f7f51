import type {Reporter, RunEvent} from '../contract/event.ts';
import type {Executor} from '../contract/executor.ts';
import {stopOnSignals} from './stop-on-signals.ts';

/**
 * What a command that starts jobs does under the user's hands: the first Ctrl-C stops them, the second kills. Until there is
 * anything to report, and so anything to stop, Ctrl-C ends the process: planning may read for minutes without a pause.
 */
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
        const report = (event: RunEvent): void => {
          stopping.listen();
          reporter.report(event);
        };
        return await act({...reporter, report}, stopping.signal);
      } finally {
        current = null;
        reporter.close();
      }
    },
  };
};
