/**
 * BAM's layer-wise learning rates (the authors' code): decay^(L + 2 − depth), the heads being at depth L + 2, the pooler at
 * L + 1, encoder layer k at k + 1 (from 0) and the embeddings at 0. By names of parameters, for the optimizer's `rateOf`.
 */
export const bamRates =
  (layers: number, decay: number): ((name: string) => number) =>
  name => {
    if (name.startsWith('embeddings.')) return decay ** (layers + 2);
    if (name.startsWith('pooler.')) return decay;
    const layer = /^encoder\.layer\.(\d+)\./.exec(name)?.[1];
    return layer === undefined ? 1 : decay ** (layers + 1 - Number(layer));
  };
