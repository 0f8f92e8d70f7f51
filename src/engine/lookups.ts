import {EngineError} from './errors.ts';

/** Copies rows of a table [rows, dim] into `out` [...ids, dim]. */
export const gatherRows = (
  table: Float32Array,
  dim: number,
  ids: Int32Array,
  out: Float32Array,
  label: string,
): void => {
  const rows = table.length / dim;
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at]!;
    if (id < 0 || id >= rows) {
      throw new EngineError(`ctx.lookup('${label}'): id ${id} at position ${at} is outside the table's ${rows} rows.`);
    }
    const from = id * dim;
    const to = at * dim;
    for (let column = 0; column < dim; column++) out[to + column] = table[from + column]!;
  }
};

/** The gradient of the rows that one step looked up, added up per row. */
export interface RowGradient {
  /** Distinct ids, in order of first appearance. */
  readonly ids: Int32Array;
  /** [ids, dim] */
  readonly data: Float32Array;
}

/** Adds gradients up per id; several lookups of one table in a step add up in the order in which they are given. */
export class RowAccumulator {
  readonly #dim: number;
  /** Position of a row among the step's distinct ids, or −1. */
  readonly #slots: Int32Array;
  #ids = new Int32Array(0);
  #data = new Float32Array(0);
  #count = 0;

  constructor(rows: number, dim: number) {
    this.#dim = dim;
    this.#slots = new Int32Array(rows).fill(-1);
  }

  add(ids: Int32Array, gradient: Float32Array): void {
    const dim = this.#dim;
    this.#reserve(this.#count + ids.length);
    const [slots, data] = [this.#slots, this.#data];
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!;
      let slot = slots[id]!;
      if (slot < 0) {
        slot = this.#count++;
        slots[id] = slot;
        this.#ids[slot] = id;
        data.fill(0, slot * dim, (slot + 1) * dim);
      }
      const to = slot * dim;
      const from = at * dim;
      for (let column = 0; column < dim; column++) data[to + column]! += gradient[from + column]!;
    }
  }

  /** The sums since the last call; valid until the next `add`. */
  take(): RowGradient {
    const ids = this.#ids.subarray(0, this.#count);
    for (const id of ids) this.#slots[id] = -1;
    this.#count = 0;
    return {ids, data: this.#data.subarray(0, ids.length * this.#dim)};
  }

  #reserve(rows: number): void {
    if (rows <= this.#ids.length) return;
    const ids = new Int32Array(rows * 2);
    const data = new Float32Array(rows * 2 * this.#dim);
    ids.set(this.#ids);
    data.set(this.#data);
    this.#ids = ids;
    this.#data = data;
  }
}
