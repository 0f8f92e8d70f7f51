/** Width of a sentence vector. */
export const useLiteDim = 512;

/** The published weights by name, as `readTfjsWeights` gives them. */
export type UseLiteWeights = ReadonlyMap<string, {readonly shape: readonly number[]; readonly data: ArrayLike<number>}>;

// The names that TensorFlow's exporter gave: variables under `module/`, folded constants under `module_apply_default/`.
const variables = 'module/Encoder_en/KonaTransformer/Encode';
const folded = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
const concat = 'ConcatPartitions/concat';
const head = 'module/Encoder_en/hidden_layers/tanh_layer_0';

/** Names of the weights outside of the layers. */
export const useLiteNames = {
  pieces: 'module/Embeddings_en',
  rates: `${folded}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`,
  head: {kernel: `${head}/weights`, bias: `${head}/bias`},
};

/** Names of the weights of one Transformer layer. */
export const useLiteLayerNames = (index: number) => {
  const layer = `Layer_${index}/TransformerLayer`;
  const attention = `${layer}/MultiheadAttention`;
  const inner = `${layer}/FFN`;
  const norm = (name: string) => ({
    scale: `${folded}/${name}/layer_prepostprocess/layer_norm/layer_norm_scale/${concat}`,
    bias: `${folded}/${name}/layer_prepostprocess/layer_norm/layer_norm_bias/${concat}`,
  });
  // The kernels of attention are stored as 1×1 convolutions, [1, 1, in, out].
  const ofAttention = (name: string) => ({
    kernel: `${variables}/${attention}/${name}/kernel/part_0`,
    bias: `${folded}/${attention}/${name}/bias/${concat}`,
  });
  const ofFeedForward = (name: string) => ({
    kernel: `${folded}/TransformerStack/${inner}/${name}/Tensordot/Reshape_1`,
    bias: `${folded}/${inner}/${name}/bias/${concat}`,
  });
  return {
    beforeAttention: norm(layer),
    projection: ofAttention('qkv_transform_single'),
    joined: ofAttention('output_transform_single'),
    residual: {
      kernel: `${folded}/${layer}/dense/kernel/${concat}`,
      bias: `${folded}/${layer}/dense/bias/${concat}`,
    },
    beforeFeedForward: norm(inner),
    widened: ofFeedForward('conv1'),
    narrowed: ofFeedForward('conv2'),
  };
};

/** The weight's numbers; a model without it, or with another shape, is not USE-lite's. */
export const weightData = (weights: UseLiteWeights, name: string, shape: readonly number[]): Float32Array => {
  const found = weights.get(name);
  if (!found) throw new Error(`This is not USE-lite's model: it has no weight ${name}.`);
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (!(found.data instanceof Float32Array) || found.data.length !== size) {
    throw new Error(
      `This is not USE-lite's model: ${name} is [${found.shape.join(', ')}], expected [${shape.join(', ')}].`,
    );
  }
  return found.data;
};
