import type {Dense, DenseLayer} from './encoder-builder.ts';

/**
 * A dense layer in 8-bit integers: weights with a scale for each output, states with one scale and zero point for the whole
 * batch, found while it runs (ONNX Runtime's DynamicQuantizeMatMul). Equal batches give equal vectors; a text's vector
 * depends a little on its batch-mates, so batches must be planned the same way in each run.
 */
export const int8Dense: Dense = (graph, input, layer) => {
  const {name, inputs, outputs, bias, spread} = layer;
  const {kernel, divisors} = spread ? balanced(layer, spread) : {kernel: layer.kernel, divisors: null};
  const scales = new Float32Array(outputs);
  for (let row = 0; row < inputs; row++) {
    for (let column = 0; column < outputs; column++) {
      scales[column] = Math.max(scales[column]!, Math.abs(kernel[row * outputs + column]!));
    }
  }
  for (let column = 0; column < outputs; column++) scales[column] = scales[column]! / 127 || 1;
  const data = Int8Array.from(kernel, (value, at) => Math.round(value / scales[at % outputs]!));
  const quantized = `${name}.int8`;
  graph.initializers.push({name: quantized, dtype: 'int8', shape: [inputs, outputs], data});
  const states = divisors ? graph.op('Mul', [input, graph.floats(`${name}.balance`, [inputs], divisors)]) : input;
  return graph.op('DynamicQuantizeMatMul', [
    states,
    quantized,
    graph.floats(`${name}.scale`, [outputs], scales),
    '',
    ...(bias ? [graph.floats(`${name}.bias`, [outputs], bias)] : []),
  ]);
};

/** How much of an input's spread moves into the weights: 1 all of it, 0 none. */
const share = 0.85;

/**
 * A few large inputs leave the others few of the 256 steps. Each input is divided by a number that its row of the weights
 * is multiplied by (SmoothQuant: Xiao et al. 2023, equation 4), from the layer norm before it instead of from data.
 */
const balanced = (
  {kernel, inputs, outputs}: DenseLayer,
  spread: Float32Array,
): {readonly kernel: Float32Array; readonly divisors: Float32Array} => {
  const result = new Float32Array(kernel.length);
  const divisors = new Float32Array(inputs);
  for (let row = 0; row < inputs; row++) {
    const own = kernel.subarray(row * outputs, (row + 1) * outputs);
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const factor = spread[row]! ** share / largest ** (1 - share);
    // An input that is always 0, or that nothing reads.
    const usable = Number.isFinite(factor) && factor > 0 ? factor : 1;
    divisors[row] = 1 / usable;
    for (let column = 0; column < outputs; column++) result[row * outputs + column] = own[column]! * usable;
  }
  return {kernel: result, divisors};
};
