import type {Dense} from './encoder-builder.ts';

/**
 * A dense layer in 8-bit integers: weights with a scale for each output, states with one scale and zero point for the whole
 * batch, found while it runs (ONNX Runtime's DynamicQuantizeMatMul). Equal batches give equal vectors; a text's vector
 * depends a little on its batch-mates, so batches must be planned the same way in each run.
 */
export const int8Dense: Dense = (graph, input, {name, inputs, outputs, kernel, bias}) => {
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
  return graph.op('DynamicQuantizeMatMul', [
    input,
    quantized,
    graph.floats(`${name}.scale`, [outputs], scales),
    '',
    ...(bias ? [graph.floats(`${name}.bias`, [outputs], bias)] : []),
  ]);
};
