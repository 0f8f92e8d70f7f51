import {encodeModel} from '../../src/io/onnx.ts';
import {parseEncoderConfig} from '../../src/models/encoder-config.ts';
import {encoderGraph} from '../../src/models/encoder-graph.ts';
import {encoderShapes} from '../../src/models/encoder-names.ts';
import {openEncoderSession} from '../../src/models/encoder-session.ts';
import type {EncoderBatch} from '../../src/models/padded-batch.ts';
import {lengthBuckets} from '../../src/math/length-buckets.ts';
import type {PieceTokenizer} from '../../src/text/tokenizer.ts';
import type {TimedModel} from './timed-model.ts';

/** Bytes of BERT-base's published weights: 110 million numbers of 32 bits. */
export const bertBaseBytes = 440e6;

/** Rows of the vocabulary: looking up is no part of the cost, and no text needs all of them. */
const vocabulary = 1000;

/**
 * A BERT of 12 layers, 768 wide, with arbitrary weights, as ONNX: what it costs does not depend on them. Made once for all
 * numbers of threads.
 */
export const bertBaseModel = (): Uint8Array => {
  const config = parseEncoderConfig({model_type: 'bert', vocab_size: vocabulary}, 'BERT-base');
  const parameters = Object.fromEntries(
    [...encoderShapes(config)].map(([name, shape]) => {
      const data = new Float32Array(shape.reduce((size, dimension) => size * dimension, 1));
      // A cheap scatter of small numbers: drawing 86 million of them would take longer than the bench.
      let state = data.length;
      for (let at = 0; at < data.length; at++) data[at] = ((state = (state * 1103515245 + 12345) & 0x7fffffff) % 1000) / 12500 - 0.04; // prettier-ignore
      if (name.endsWith('LayerNorm.weight')) data.fill(1);
      return [name, {shape, data}];
    }),
  );
  return encodeModel(encoderGraph({config, parameters, normalize: false}));
};

export const openBertBase = async (
  model: Uint8Array,
  tokenizer: PieceTokenizer,
  {threads, rows}: {readonly threads: number; readonly rows: number},
): Promise<TimedModel> => {
  const session = await openEncoderSession({model, threads});
  const read = (text: string): Int32Array => tokenizer.encode(text, 128).map(id => id % vocabulary);
  return {
    read: texts => texts.map(read),
    embed: async texts => {
      const ids = texts.map(read);
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
