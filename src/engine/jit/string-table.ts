/**
 * Strings have no place in an ONNX graph here, but most of what is done to them moves them about: a tensor of strings is
 * one of whole numbers, which say where in this table each string stands. Equal strings have equal numbers.
 */
export class StringTable {
  readonly #bytes: Uint8Array[] = [];
  readonly #numbers = new Map<string, number>();

  numbers(strings: readonly Uint8Array[]): Int32Array {
    // A buffer of which some entries were never set has holes.
    return Int32Array.from(strings as readonly (Uint8Array | undefined)[], bytes =>
      this.#number(bytes ?? new Uint8Array()),
    );
  }

  strings(numbers: Int32Array): Uint8Array[] {
    return Array.from(numbers, number => this.#bytes[number]!);
  }

  #number(bytes: Uint8Array): number {
    const key = Buffer.from(bytes).toString('latin1');
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#bytes.push(bytes) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

/** Kernels that move entries about or ask whether they are equal: all that strings can go through. */
export const kernelsOfStrings: ReadonlySet<string> = new Set([
  ...['Concat', 'Equal', 'ExpandDims', 'GatherNd', 'GatherV2', 'NotEqual', 'Pack', 'Reshape', 'Reverse', 'Select', 'Slice'],
  ...['SparseToDense', 'SplitV', 'StridedSlice', 'Tile', 'Transpose', 'Unpack'],
]); // prettier-ignore
