/** How many objects travel at once: enough to hide a server's latency, few enough for any disk. */
const atOnce = 8;

/** Does `act` for each item, several at a time; stops at the first that fails, or when `signal` says so, and throws that. */
export const inParallel = async <T>(
  items: Iterable<T>,
  signal: AbortSignal,
  act: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  const rest = items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      either.throwIfAborted();
      await act(next.value, either);
    }
  };
  const failures: unknown[] = [];
  const workers = Array.from({length: atOnce}, () =>
    work().catch((error: unknown) => {
      failures.push(error);
      failing.abort();
    }),
  );
  await Promise.all(workers);
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
};
