import type {HostTensor, Parameters} from '../engine/types.ts';

const layerName = /^encoder\.layer\.(\d+)\./;

/**
 * `count` of `layers` layers, from 0: the first, the last, and those between at even distances. Of 12 layers 6 are 0, 2, 4,
 * 7, 9, 11, which is what DistilBERT was started from.
 */
export const evenLayers = (layers: number, count: number): number[] => {
  if (count > layers) throw new Error(`${count} layers are wanted of an encoder that has ${layers}.`);
  return Array.from({length: count}, (_, at) => (count === 1 ? 0 : Math.round((at * (layers - 1)) / (count - 1))));
};

/** Parameters of an encoder of these layers, in this order, with all that is not a layer's. */
export const layersOf = (
  parameters: Parameters,
  taken: readonly number[],
  what: string,
): Record<string, HostTensor> => {
  const found: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(parameters)) if (!layerName.test(name)) found[name] = tensor;
  for (const [at, layer] of taken.entries()) {
    const own = Object.entries(parameters).filter(([name]) => layerName.exec(name)?.[1] === String(layer));
    if (own.length === 0) throw new Error(`${what} has no layer ${layer}; layers count from 0.`);
    for (const [name, tensor] of own) found[name.replace(layerName, `encoder.layer.${at}.`)] = tensor;
  }
  return found;
};
