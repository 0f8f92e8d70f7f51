/**
 * Layer-wise learning rates of an encoder (Howard and Ruder 2018, section 3.2; Clark et al. 2020, appendix A): what stands
 * on the last layer (pooler, heads) has the whole rate, each layer below `decay` times the one above, and the embeddings
 * the least: decay ^ (layers + 1). By the names of `encoderShapes`, for the optimizer's `rateOf`.
 */
export const layerRates =
  (layers: number, decay: number): ((name: string) => number) =>
  name => {
    if (name.startsWith('embeddings.')) return decay ** (layers + 1);
    const layer = /^encoder\.layer\.(\d+)\./.exec(name)?.[1];
    return layer === undefined ? 1 : decay ** (layers - Number(layer));
  };
