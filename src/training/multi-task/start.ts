import type {Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {readEncoderFolder} from '../../models/encoder-folder.ts';
import {encoderShapes} from '../../models/encoder-names.ts';
import {partsOf, readEncoderWeights} from '../../models/encoder-weights.ts';
import {readTaskHeads} from '../../models/task-heads-file.ts';
import {openTensorFiles} from '../../io/tensor-files.ts';
import {canonicalName} from '../../models/encoder-names.ts';
import {openTokenizer} from '../../text/open-tokenizer.ts';
import type {PieceTokenizer} from '../../text/tokenizer.ts';
import {initHeads, joinHeads, truncatedNormal} from './heads.ts';
import type {HeadLayout} from './heads.ts';

export interface Start {
  readonly folder: string;
  readonly config: EncoderConfig;
  /** Of encoder, pooler and heads. */
  readonly parameters: Parameters;
  readonly tokenizer: PieceTokenizer;
}

/**
 * Where a training starts: the encoder of a folder, its pooler or, where it was published without one, a new one, and new
 * heads, or those that the folder's model was trained with.
 */
export const startFrom = (place: string, layout: HeadLayout, heads: 'new' | 'kept', random: Random): Start => {
  const {folder, config} = readEncoderFolder(place);
  const pooler = hasPooler(folder);
  const {parameters} = readEncoderWeights(folder, config, {pooler});
  const {width} = config;
  return {
    ...{folder, config, tokenizer: openTokenizer(folder, config.vocabulary)},
    parameters: {
      ...parameters,
      ...(!pooler && initPooler(config, random.fork('pooler'))),
      ...(heads === 'new' ? initHeads(layout, width, random.fork('heads')) : keptHeads(folder, layout, width)),
    },
  };
};

const hasPooler = (folder: string): boolean => {
  const files = openTensorFiles(folder);
  try {
    return partsOf(new Map(files.names.map(name => [canonicalName(name), files.shape(name)]))).pooler === true;
  } finally {
    files.close();
  }
};

const initPooler = (config: EncoderConfig, random: Random): Parameters => {
  const shapes = [...encoderShapes(config, {pooler: true})].filter(([name]) => name.startsWith('pooler.'));
  return Object.fromEntries(
    shapes.map(([name, shape]) => {
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
      return [name, {shape, data: shape.length > 1 ? data.map(() => truncatedNormal(random, 0.02)) : data}];
    }),
  );
};

const keptHeads = (folder: string, layout: HeadLayout, width: number): Parameters => {
  const stored = readTaskHeads(folder);
  if (!stored) throw new Error(`${folder} has no heads.safetensors, so there are no heads to keep. Start with heads: new.`); // prettier-ignore
  return joinHeads(layout, width, ({task, outputs}) => {
    const head = stored[task.name];
    if (!head) throw new Error(`${folder} has no head for the task "${task.name}"; it was trained on ${Object.keys(stored).join(', ')}.`); // prettier-ignore
    const labels = task.kind === 'classification' ? task.labels : null;
    if (head.bias.shape[0] !== outputs || head.labels?.join() !== labels?.join())
      throw new Error(`${folder} was trained on other labels of "${task.name}": ${head.labels?.join(', ') ?? 'a score'}. Train it again.`); // prettier-ignore
    return head;
  });
};
