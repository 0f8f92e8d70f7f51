import type {HostTensor} from '../../engine/types.ts';
import type {EncoderBuilder} from '../encoder-builder.ts';

/** A bidirectional layer as training has it (lstm.ts): gates in the order i, o, f, g, which is ONNX's. */
export interface LstmLayer {
  /** [direction, dim, 4·hidden] */
  readonly kernel: HostTensor;
  /** [direction, hidden, 4·hidden] */
  readonly recurrent: HostTensor;
  /** [direction, 4·hidden] */
  readonly bias: HostTensor;
}

export type LstmNode = (graph: EncoderBuilder, x: string, lengths: string, layer: LstmLayer) => string;

const attributes = (hidden: number) => ({hidden_size: hidden, direction: 'bidirectional'}) as const;

/** ONNX has a bias of the input and one of the state, which are added: the second is zero. */
const doubleBias = ({shape, data}: HostTensor): HostTensor => {
  const [directions, gates] = shape as [number, number];
  const doubled = new Float32Array(2 * data.length);
  for (let direction = 0; direction < directions; direction++)
    doubled.set(data.subarray(direction * gates, (direction + 1) * gates), 2 * direction * gates);
  return {shape: [directions, 2 * gates], data: doubled};
};

/** [direction, inputs, outputs] → [direction, outputs, inputs] */
export const transposedEach = ({shape, data}: HostTensor): HostTensor => {
  const [directions, inputs, outputs] = shape as [number, number, number];
  const result = new Float32Array(data.length);
  for (let direction = 0; direction < directions; direction++) {
    const from = direction * inputs * outputs;
    for (let row = 0; row < inputs; row++)
      for (let column = 0; column < outputs; column++)
        result[from + column * inputs + row] = data[from + row * outputs + column]!;
  }
  return {shape: [directions, outputs, inputs], data: result};
};

/** ONNX's own operator; `write` puts weights into the graph. */
export const floatLstm =
  (write: (graph: EncoderBuilder, tensor: HostTensor) => string): LstmNode =>
  (graph, x, lengths, {kernel, recurrent, bias}) =>
    graph.op(
      'LSTM',
      [x, write(graph, transposedEach(kernel)), write(graph, transposedEach(recurrent)), write(graph, doubleBias(bias)), lengths], // prettier-ignore
      attributes(recurrent.shape[1]!),
    );

/**
 * onnxruntime's DynamicQuantizeLSTM: weights in 8 bits with a scale for each gate's output, states in 8 bits with a scale
 * found as it runs. Unlike LSTM it takes weights as [direction, inputs, outputs].
 */
export const int8Lstm: LstmNode = (graph, x, lengths, {kernel, recurrent, bias}) => {
  const push = (tensor: HostTensor): {weights: string; scale: string; zero: string} => {
    const {data, scales} = quantizedColumns(tensor);
    const name = `int8_${graph.initializers.length}`;
    const perColumn = [tensor.shape[0]!, tensor.shape[2]!];
    graph.initializers.push({name, dtype: 'int8', shape: tensor.shape, data});
    const zero = `${name}_zero`;
    graph.initializers.push({name: zero, dtype: 'int8', shape: perColumn, data: new Int8Array(scales.length)});
    return {weights: name, scale: graph.floats(`${name}_scale`, perColumn, scales), zero};
  };
  const w = push(kernel);
  const r = push(recurrent);
  const {shape, data} = doubleBias(bias);
  const b = graph.floats(`bias_${graph.initializers.length}`, shape, data);
  const output = `states_${graph.nodes.length}`;
  graph.nodes.push({
    ...{op: 'DynamicQuantizeLSTM', domain: 'com.microsoft'},
    inputs: [x, w.weights, r.weights, b, lengths, '', '', '', w.scale, w.zero, r.scale, r.zero],
    outputs: [output],
    attributes: attributes(recurrent.shape[1]!),
  });
  return output;
};

const quantizedColumns = ({shape, data}: HostTensor): {data: Int8Array; scales: Float32Array} => {
  const [directions, inputs, outputs] = shape as [number, number, number];
  const scales = new Float32Array(directions * outputs);
  const scaleAt = (at: number): number => Math.floor(at / (inputs * outputs)) * outputs + (at % outputs);
  for (let at = 0; at < data.length; at++) scales[scaleAt(at)] = Math.max(scales[scaleAt(at)]!, Math.abs(data[at]!));
  for (let at = 0; at < scales.length; at++) scales[at] = scales[at]! / 127 || 1;
  return {data: Int8Array.from(data, (value, at) => Math.round(value / scales[scaleAt(at)]!)), scales};
};
