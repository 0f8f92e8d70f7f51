/** SIGHUP too: a closed terminal must not leave trainings behind that nobody sees. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Stopping {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** From here on signals are ours; calling it again changes nothing. */
  listen(): void;
  /** Back to what Node does by itself on a signal. */
  forget(): void;
}

/** First Ctrl-C: running stages are asked to stop, and may write a checkpoint. Second: they are killed at once. */
export const stopOnSignals = (actions: {onFirst: (signal: NodeJS.Signals) => void; onSecond: () => void}): Stopping => {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) return actions.onSecond();
    actions.onFirst(name);
    controller.abort();
  };
  let isListening = false;
  const forget = (): void => {
    isListening = false;
    for (const name of signals) process.removeListener(name, onSignal);
  };
  return {
    signal: controller.signal,
    listen() {
      // Never taken away and put back: a signal that has come and is not yet told would be lost with the listener.
      if (isListening) return;
      isListening = true;
      for (const name of signals) process.on(name, onSignal);
    },
    forget,
  };
};
