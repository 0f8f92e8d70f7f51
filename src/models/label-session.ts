import type {Parameters} from '../engine/types.ts';
import {encodeModel} from '../io/onnx.ts';
import {lengthBuckets} from '../math/length-buckets.ts';
import type {EncoderConfig} from './encoder-config.ts';
import {encoderGraph} from './encoder-graph.ts';
import {clsWeights} from './encoder-pooling.ts';
import {openEncoderSession} from './encoder-session.ts';

/** A text or a pair: its ids, and the token type of each. */
export interface TypedPieces {
  readonly ids: Int32Array;
  readonly types: Int32Array;
}

export interface LabelSession {
  /** Outputs of the head end to end, in the order of the texts: [text, label]. No dropout. */
  logits(texts: readonly TypedPieces[], onBatch?: (done: number) => void): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface LabelSessionOptions {
  readonly config: EncoderConfig;
  /** By the names of `encoderShapes`, with pooler.dense and classifier. */
  readonly parameters: Parameters;
  readonly labels: number;
  readonly threads: number;
  /** Pieces in one run, padding included. */
  readonly budget: number;
}

/** An encoder with a head on its pooled first token, ready to run on any number of texts in batches of little padding. */
export const openLabelSession = async (options: LabelSessionOptions): Promise<LabelSession> => {
  const {config, parameters, labels, threads, budget} = options;
  const graph = encoderGraph({config, parameters, normalize: false, labels, pairs: config.tokenTypes > 1});
  const session = await openEncoderSession({model: encodeModel(graph), threads});
  return {
    close: () => session.close(),
    logits: async (texts, onBatch) => {
      const result = new Float32Array(texts.length * labels);
      const lengths = Int32Array.from(texts, ({ids}) => ids.length);
      let done = 0;
      for (const rows of lengthBuckets(lengths, {budget, rows: 256})) {
        const own = Array.from(rows, row => texts[row]!);
        const ids = own.map(text => text.ids);
        const weights = ids.map(of => clsWeights('', {ids: of, starts: of, ends: of, normalized: ''}));
        const found = (await session.run({ids, weights, types: own.map(text => text.types)}))['logits']!;
        rows.forEach((row, at) => result.set(found.subarray(at * labels, (at + 1) * labels), row * labels));
        onBatch?.((done += rows.length));
      }
      return result;
    },
  };
};
