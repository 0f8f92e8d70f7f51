import type {Problems} from './config-error.ts';
import type {Place} from './source-text.ts';

/** For each stage, in the order of the file, the stages it reads from and the place that says so. */
export type StageEdges = ReadonlyMap<string, ReadonlyMap<string, Place>>;

/** Stages such that each comes after what it needs, ties in the order of the file; null when they go in a circle. */
export const topologicalOrder = (edges: StageEdges, problems: Problems): string[] | null => {
  const names = [...edges.keys()];
  const position = new Map(names.map((name, index) => [name, index]));
  const readers = new Map<string, string[]>(names.map(name => [name, []]));
  const waiting = new Map<string, number>();
  const ready = new SmallestFirst();
  for (const [name, needs] of edges) {
    waiting.set(name, needs.size);
    for (const need of needs.keys()) readers.get(need)!.push(name);
    if (needs.size === 0) ready.push(position.get(name)!);
  }
  const order: string[] = [];
  for (let next = ready.pop(); next !== null; next = ready.pop()) {
    const name = names[next]!;
    order.push(name);
    for (const reader of readers.get(name)!) {
      const left = waiting.get(reader)! - 1;
      waiting.set(reader, left);
      if (left === 0) ready.push(position.get(reader)!);
    }
  }
  if (order.length === names.length) return order;
  reportCycles(names, edges, problems);
  return null;
};

/** One error a circle, printed as a path that ends where it began; depth-first without recursion, chains may be long. */
const reportCycles = (names: readonly string[], edges: StageEdges, problems: Problems): void => {
  const state = new Map<string, 'open' | 'done'>();
  for (const root of names) {
    if (state.has(root)) continue;
    const path = [{name: root, needs: edges.get(root)!.entries()}];
    state.set(root, 'open');
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.needs.next();
      if (next.done === true) {
        state.set(top.name, 'done');
        path.pop();
        continue;
      }
      const [need, place] = next.value;
      if (state.get(need) === undefined) {
        state.set(need, 'open');
        path.push({name: need, needs: edges.get(need)!.entries()});
      } else if (state.get(need) === 'open') {
        const circle = path.slice(path.findIndex(({name}) => name === need)).map(({name}) => name);
        const message = `stages need each other in a circle: ${[...circle, need].join(' → ')} ("→" means "reads from")`;
        problems.add('stage-cycle', place, message);
      }
    }
  }
};

/** A binary heap of numbers. */
class SmallestFirst {
  readonly #heap: number[] = [];

  push(value: number): void {
    const heap = this.#heap;
    let at = heap.push(value) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && heap[parent]! > value; at = parent, parent = (at - 1) >> 1) {
      heap[at] = heap[parent]!;
    }
    heap[at] = value;
  }

  pop(): number | null {
    const heap = this.#heap;
    const smallest = heap[0];
    const last = heap.pop();
    if (smallest === undefined || last === undefined) return null;
    if (heap.length === 0) return smallest;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return smallest;
  }
}
