import type {OnnxModel, OnnxNode, OnnxTensor, OnnxValue} from '../../io/onnx.ts';
import {type ConstantData, type Dtype, type GraphNode, sizeOf, type Value} from './graph.ts';

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

const filled = (dtype: Dtype, size: number, fill: number): ConstantData => {
  if (dtype === 'float32') return new Float32Array(size).fill(fill);
  if (dtype === 'int32') return new Int32Array(size).fill(fill);
  if (dtype === 'int64') return new BigInt64Array(size).fill(BigInt(fill));
  return new Uint8Array(size).fill(fill);
};

/** Uniform tensors above this size are made by the graph instead of being written into it. */
const largestInitializer = 64;

/**
 * The nodes that the outputs depend on, in an order in which they can run, as an ONNX model. What no output needs is left
 * out, inputs too. `onNode` is told of each node, in that order.
 */
export const emitModel = (
  name: string,
  outputs: readonly NamedValue[],
  onNode?: (node: GraphNode) => void,
): OnnxModel => {
  const inputs: OnnxValue[] = [];
  const initializers: (OnnxTensor & {name: string})[] = [];
  const nodes: OnnxNode[] = [];
  const names = new Map<Value, string>();
  const renamed = new Map<Value, string>();
  for (const {name: wanted, value} of outputs) if (value.node && !renamed.has(value)) renamed.set(value, wanted);

  const declare = (value: Value): void => {
    const label = value.input ?? `c${value.id}`;
    names.set(value, label);
    const {dtype, shape} = value;
    const size = sizeOf(shape);
    if (value.input !== null) inputs.push({name: label, dtype, shape});
    else if (value.constant) initializers.push({name: label, dtype, shape, data: value.constant});
    else if (size <= largestInitializer)
      initializers.push({name: label, dtype, shape, data: filled(dtype, size, value.fill!)});
    else {
      const dimensions = BigInt64Array.from(shape, BigInt);
      initializers.push({name: `${label}.shape`, dtype: 'int64', shape: [shape.length], data: dimensions});
      const tensor = {dtype, shape: [1], data: filled(dtype, 1, value.fill!)};
      nodes.push({op: 'ConstantOfShape', inputs: [`${label}.shape`], outputs: [label], attributes: {value: {tensor}}});
    }
  };

  const emitted = new Set<GraphNode>();
  // Depth first with a stack of its own: unrolled recurrences are thousands of nodes deep.
  const pending: {value: Value; next: number}[] = [];
  for (const output of outputs) {
    pending.push({value: output.value, next: 0});
    while (pending.length > 0) {
      const top = pending[pending.length - 1]!;
      const {node} = top.value;
      if (!node) {
        if (!names.has(top.value)) declare(top.value);
        pending.pop();
      } else if (emitted.has(node)) {
        pending.pop();
      } else if (top.next < node.inputs.length) {
        pending.push({value: node.inputs[top.next++]!, next: 0});
      } else {
        emitted.add(node);
        onNode?.(node);
        for (const value of node.outputs) names.set(value, renamed.get(value) ?? `v${value.id}`);
        const {op, domain, attributes} = node;
        const wires = {
          inputs: node.inputs.map(value => names.get(value)!),
          outputs: node.outputs.map(value => names.get(value)!),
        };
        nodes.push({op, domain, attributes, ...wires});
        pending.pop();
      }
    }
  }
  for (const {name: wanted, value} of outputs) {
    // The same value twice, or an input or constant returned as it is.
    if (names.get(value) !== wanted) nodes.push({op: 'Identity', inputs: [names.get(value)!], outputs: [wanted]});
  }
  const declared = outputs.map(({name: label, value}) => ({name: label, dtype: value.dtype, shape: value.shape}));
  return {name, nodes, inputs, outputs: declared, initializers};
};
