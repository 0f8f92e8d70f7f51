import {encodeModel} from '../io/onnx.ts';
import {lengthBuckets} from '../math/length-buckets.ts';
import {parseEncoderConfig} from '../models/encoder-config.ts';
import {encoderGraph} from '../models/encoder-graph.ts';
import {encoderShapes} from '../models/encoder-names.ts';
import {openEncoderSession} from '../models/encoder-session.ts';
import type {EncoderBatch} from '../models/padded-batch.ts';

/** Rows of the embeddings that are there: looking up is no part of the cost, and no text needs all of them. */
const rowsKept = 1000;

const shapesWith = (vocabulary: number): ReadonlyMap<string, readonly number[]> =>
  encoderShapes(parseEncoderConfig({model_type: 'bert', vocab_size: vocabulary}, 'BERT-base'));

const product = (dimensions: readonly number[]): number => dimensions.reduce((size, dimension) => size * dimension, 1);

/** Numbers of a BERT-base (Devlin et al. 2018: 12 layers, 768 wide) whose vocabulary has so many pieces, without a pooler. */
export const bertBaseParameters = (vocabulary: number): number =>
  [...shapesWith(vocabulary).values()].reduce((sum, shape) => sum + product(shape), 0);

/**
 * A BERT of 12 layers, 768 wide, with arbitrary weights, as ONNX: what it costs does not depend on them. Made once for all
 * numbers of threads.
 */
export const bertBaseModel = (): Uint8Array => {
  const config = parseEncoderConfig({model_type: 'bert', vocab_size: rowsKept}, 'BERT-base');
  const parameters = Object.fromEntries(
    [...shapesWith(rowsKept)].map(([name, shape]) => {
      const data = new Float32Array(product(shape));
      // A cheap scatter of small numbers: drawing 86 million of them would take longer than the timing.
      let state = data.length;
      for (let at = 0; at < data.length; at++) data[at] = ((state = (state * 1103515245 + 12345) & 0x7fffffff) % 1000) / 12500 - 0.04; // prettier-ignore
      if (name.endsWith('LayerNorm.weight')) data.fill(1);
      return [name, {shape, data}];
    }),
  );
  return encodeModel(encoderGraph({config, parameters, normalize: false}));
};

/** Anything that cuts a text into at most so many pieces. */
interface Cutter {
  encode(text: string, most: number): Int32Array;
}

export interface BertBase {
  /** Texts to ids. */
  read(texts: readonly string[]): Int32Array[];
  /** Texts to vectors, cutting included, in batches of similar lengths. */
  embed(texts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export const openBertBase = async (
  model: Uint8Array,
  tokenizer: Cutter,
  {threads, rows}: {readonly threads: number; readonly rows: number},
): Promise<BertBase> => {
  const session = await openEncoderSession({model, threads});
  const readOne = (text: string): Int32Array => tokenizer.encode(text, 128).map(id => id % rowsKept);
  const read = (texts: readonly string[]): Int32Array[] => texts.map(readOne);
  return {
    read,
    embed: async texts => {
      const ids = read(texts);
      const lengths = Int32Array.from(ids, own => own.length);
      for (const members of lengthBuckets(lengths, {budget: Number.POSITIVE_INFINITY, rows}))
        await session.embed(meanOf(Array.from(members, at => ids[at]!)));
    },
    close: () => session.close(),
  };
};

const meanOf = (ids: Int32Array[]): EncoderBatch => ({
  ids,
  weights: ids.map(own => new Float32Array(own.length).fill(1 / own.length)),
});
