import type {HostTensor} from '../engine/types.ts';
import {readEncoderFolder} from './encoder-folder.ts';
import {readEncoderWeights} from './encoder-weights.ts';
import {saveEncoder} from './save-encoder.ts';

/**
 * Copies an encoder with only some of its layers (0-based, in the order given), its embeddings and, where it has one, its
 * pooler. `layers` null: all. Returns the layers taken.
 */
export const writeLayersOf = (from: string, to: string, layers: readonly number[] | null): readonly number[] => {
  const {folder, config} = readEncoderFolder(from);
  const taken = layers ?? Array.from({length: config.layers}, (_, at) => at);
  const beyond = taken.filter(layer => layer >= config.layers);
  if (beyond.length > 0 || new Set(taken).size < taken.length)
    throw new Error(`\`layers: [${taken.join(', ')}]\`: ${folder} has the layers 0 to ${config.layers - 1}; name each once.`); // prettier-ignore
  const {parameters, parts} = readEncoderWeights(folder, config, 'all');
  const kept: Record<string, HostTensor> = {};
  const layerName = /^encoder\.layer\.(\d+)\./;
  for (const [name, tensor] of Object.entries(parameters))
    if (!layerName.test(name) && !/^(cls|classifier)\./.test(name)) kept[name] = tensor;
  for (const [at, layer] of taken.entries())
    for (const [name, tensor] of Object.entries(parameters))
      if (layerName.exec(name)?.[1] === String(layer)) kept[name.replace(layerName, `encoder.layer.${at}.`)] = tensor;
  const changes = {num_hidden_layers: taken.length};
  saveEncoder(to, {parameters: kept, parts: {pooler: parts.pooler === true}, from: folder, changes});
  return taken;
};
