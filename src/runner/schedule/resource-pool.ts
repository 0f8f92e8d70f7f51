import type {Resources} from '../../contract/resources.ts';

/** How much of each resource all running jobs may use together. */
export type Capacity = Pick<Resources, 'cpus' | 'memoryMb' | 'gpus'>;

const kinds = ['cpus', 'memoryMb', 'gpus'] as const;

interface Waiting {
  readonly need: Capacity;
  readonly start: (release: () => void) => void;
}

/**
 * Lets jobs start in the order in which they ask, as long as there is room; a small one may pass a large one that waits. A job
 * that is larger than the machine runs when it is alone.
 */
export class ResourcePool {
  readonly #capacity: Capacity;
  readonly #jobs: number;
  readonly #used = {cpus: 0, memoryMb: 0, gpus: 0};
  #running = 0;
  readonly #waiting: Waiting[] = [];

  constructor(capacity: Capacity, jobs: number) {
    this.#capacity = capacity;
    this.#jobs = jobs;
  }

  /** Resolves with the function that gives the room back. */
  acquire(need: Capacity): Promise<() => void> {
    return new Promise(start => {
      this.#waiting.push({need, start});
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#waiting.length === 0 || this.#running >= this.#jobs) return;
    const index = this.#waiting.findIndex(({need}) => this.#hasRoom(need));
    const [next] = index === -1 ? [] : this.#waiting.splice(index, 1);
    if (next === undefined) return;
    this.#running++;
    for (const kind of kinds) this.#used[kind] += next.need[kind];
    let isReleased = false;
    next.start(() => {
      if (isReleased) return;
      isReleased = true;
      this.#running--;
      for (const kind of kinds) this.#used[kind] -= next.need[kind];
      this.#startNext();
    });
    this.#startNext();
  }

  #hasRoom(need: Capacity): boolean {
    return (
      this.#running === 0 ||
      kinds.every(kind => need[kind] === 0 || this.#used[kind] + need[kind] <= this.#capacity[kind])
    );
  }
}
