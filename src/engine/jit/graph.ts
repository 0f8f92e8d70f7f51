import type {OnnxAttribute} from '../../io/onnx.ts';

export type Dtype = 'float32' | 'int32' | 'int64' | 'bool';
export type ConstantData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor that a graph computes, takes or holds. Exactly one of `node`, `input`, `fill` and `constant` says where it comes from. */
export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly node: GraphNode | null;
  readonly input: string | null;
  /** The one number that a uniform constant consists of; such constants are folded and broadcast from scalars. */
  readonly fill: number | null;
  readonly constant: ConstantData | null;
}

export interface GraphNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly Value[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  readonly outputs: readonly Value[];
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly domain?: string;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dimension) => size * dimension, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);

/** Shape and type of one output of a node. */
export type Spec = readonly [shape: readonly number[], dtype: Dtype];

/** JSON has no word for what is not finite, nor a sign for zero. */
const exact = (_: string, value: unknown): unknown =>
  typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)) ? (Object.is(value, -0) ? '-0' : String(value)) : value; // prettier-ignore

/**
 * Collects nodes while a step is traced. Equal nodes over equal inputs are one node (common subexpressions), and ids count
 * from zero, so that the same trace always gives the same model bytes.
 */
export class GraphBuilder {
  #nextId = 0;
  readonly #nodes = new Map<string, GraphNode>();
  readonly #constants = new Map<string, Value>();
  readonly #onValue: ((description: string) => void) | undefined;

  /** `onValue` is told of everything that is made, in order: equal descriptions mean equal graphs. */
  constructor(onValue?: (description: string) => void) {
    this.#onValue = onValue;
  }

  #value(
    spec: Spec,
    origin: Partial<Pick<Value, 'input' | 'fill' | 'constant'>>,
    node: GraphNode | null = null,
  ): Value {
    const {input = null, fill = null, constant = null} = origin;
    return {id: this.#nextId++, shape: spec[0], dtype: spec[1], node, input, fill, constant};
  }

  #interned(key: string, make: () => Value): Value {
    let value = this.#constants.get(key);
    if (!value) {
      this.#constants.set(key, (value = make()));
      this.#onValue?.(`${key} ${value.dtype} ${value.shape.join()}`);
    }
    return value;
  }

  input(name: string, shape: readonly number[], dtype: Dtype): Value {
    return this.#interned(`input ${name}`, () => this.#value([shape, dtype], {input: name}));
  }

  /** A value whose numbers the caller keeps, outside a trace: it becomes an input once it is used (see lazy.ts). */
  fresh(shape: readonly number[], dtype: Dtype): Value {
    return {...this.#value([shape, dtype], {}), input: `x${this.#nextId - 1}`};
  }

  /** Forgets which nodes exist: later equal ones are new. Values stay valid. */
  forget(): void {
    this.#nodes.clear();
    this.#constants.clear();
  }

  fill(shape: readonly number[], fill: number, dtype: Dtype = 'float32'): Value {
    return this.#interned(`${dtype} ${Object.is(fill, -0) ? '-0' : fill} ${shape.join()}`, () =>
      this.#value([shape, dtype], {fill}),
    );
  }

  constant(shape: readonly number[], dtype: Dtype, data: ConstantData): Value {
    return this.#interned(`c ${dtype} ${shape.join()} ${data.join()}`, () =>
      this.#value([shape, dtype], {constant: data}),
    );
  }

  /** The small int64 vectors (shapes, axes, starts) that many ONNX operators take as inputs. */
  ints(values: readonly number[]): Value {
    return this.constant([values.length], 'int64', BigInt64Array.from(values, BigInt));
  }

  node(op: string, inputs: readonly Value[], spec: Spec, options: NodeOptions = {}): Value {
    return this.nodes(op, inputs, [spec], options)[0]!;
  }

  nodes(op: string, inputs: readonly Value[], specs: readonly Spec[], options: NodeOptions = {}): readonly Value[] {
    const {attributes = {}, domain = ''} = options;
    const key = `${op} ${domain} ${inputs.map(input => input.id).join()} ${JSON.stringify(attributes, exact)}`;
    const known = this.#nodes.get(key);
    if (known) return known.outputs;
    const outputs: Value[] = [];
    const node: GraphNode = {op, domain, inputs, attributes, outputs};
    for (const spec of specs) outputs.push(this.#value(spec, {}, node));
    this.#nodes.set(key, node);
    this.#onValue?.(`${key} ${JSON.stringify(specs)}`);
    return outputs;
  }

  reshape(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x;
    if (x.fill !== null) return this.fill(shape, x.fill, x.dtype);
    if (x.constant) return this.constant(shape, x.dtype, x.constant);
    // A reshape of a reshape needs the first one's input only.
    if (x.node?.op === 'Reshape') return this.reshape(x.node.inputs[0]!, shape);
    return this.node('Reshape', [x, this.ints(shape)], [shape, x.dtype]);
  }

  transpose(x: Value, permutation: readonly number[]): Value {
    const shape = permutation.map(axis => x.shape[axis]!);
    // Moving axes of size 1 moves no data.
    const moved = permutation.filter(axis => x.shape[axis] !== 1);
    if (moved.every((axis, at) => at === 0 || moved[at - 1]! < axis)) return this.reshape(x, shape);
    return this.node('Transpose', [x], [shape, x.dtype], {attributes: {perm: permutation}});
  }
}
