/**
 * Tells for how long something has not changed, by this machine's steady clock from when it was first looked at: the
 * clock that gave a file its time may be hours away from ours.
 */
export class Silence {
  readonly #seen = new Map<string, {readonly mtimeMs: number; readonly since: number}>();

  /** Milliseconds for which `name` is known to have had this time; 0 at the first look and after each change. */
  of(name: string, mtimeMs: number, now = performance.now()): number {
    const known = this.#seen.get(name);
    if (known?.mtimeMs === mtimeMs) return now - known.since;
    this.#seen.set(name, {mtimeMs, since: now});
    return 0;
  }
}
