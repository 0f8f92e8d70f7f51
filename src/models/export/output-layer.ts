import type {Parameters} from '../../engine/types.ts';
import type {DenseLayer} from '../encoder-builder.ts';

/** The dense layer `name`, as students call theirs. */
export const denseLayer = (p: Parameters, name: string): DenseLayer => {
  const [inputs, outputs] = p[`${name}.kernel`]!.shape as [number, number];
  return {name, inputs, outputs, kernel: p[`${name}.kernel`]!.data, bias: p[`${name}.bias`]!.data};
};

/** The layer that brings states to the teacher's width, null where they have it. */
export const outputLayer = (p: Parameters): DenseLayer | null => (p['output.kernel'] ? denseLayer(p, 'output') : null);
