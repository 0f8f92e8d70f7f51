import ort from 'onnxruntime-node';
import type {EncoderSession} from './encoder-session.ts';
import type {EncoderBatch} from './padded-batch.ts';

const known = ['input_ids', 'attention_mask', 'token_type_ids'];
const stateNames = ['last_hidden_state', 'token_embeddings', 'encoder_outputs'];

/**
 * Runs an exported encoder (`onnx/model.onnx`, as Optimum and Transformers.js have it): int64 inputs input_ids,
 * attention_mask and perhaps token_type_ids, states [batch, token, width] as output. Pooling is done here.
 */
export const openOnnxEncoder = async (options: {
  readonly file: string;
  readonly threads: number;
  readonly normalize: boolean;
}): Promise<EncoderSession> => {
  const {file, threads, normalize} = options;
  const session = await ort.InferenceSession.create(file, {
    ...{intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all'},
    extra: {
      session: {intra_op: {allow_spinning: threads === 1 ? '0' : '1'}},
      // As in openEncoderSession.
      optimization: {disable_specified_optimizers: 'SkipLayerNormFusion'},
    },
  });
  const output = session.outputNames.find(name => stateNames.includes(name));
  const unknown = session.inputNames.filter(name => !known.includes(name));
  if (output === undefined || unknown.length > 0 || !session.inputNames.includes('input_ids')) {
    throw new Error(
      `${file} is no text encoder that can be run here: it takes ${session.inputNames.join(', ')} and gives ` +
        `${session.outputNames.join(', ')}; expected ${known.join(', ')} and ${stateNames.join(' or ')}.`,
    );
  }
  const run = async ({ids, weights}: EncoderBatch): Promise<Record<string, Float32Array>> => {
    const tokens = Math.max(1, ...ids.map(text => text.length));
    const shape = [ids.length, tokens];
    const inputs = Object.fromEntries(known.map(name => [name, new BigInt64Array(ids.length * tokens)]));
    for (const [row, text] of ids.entries()) {
      for (let at = 0; at < text.length; at++) {
        inputs['input_ids']![row * tokens + at] = BigInt(text[at]!);
        inputs['attention_mask']![row * tokens + at] = 1n;
      }
    }
    const feeds = Object.fromEntries(
      session.inputNames.map(name => [name, new ort.Tensor('int64', inputs[name]!, shape)]),
    );
    const tensor = (await session.run(feeds, [output]))[output]!;
    const states = tensor.data as Float32Array;
    const vector = pool(states, weights, tokens, tensor.dims.at(-1)!);
    return {states, vector: normalize ? unitRows(vector, tensor.dims.at(-1)!) : vector};
  };
  return {run, embed: async batch => (await run(batch))['vector']!, close: () => session.release()};
};

/** [text, token, width] and a weight for each token → [text, width] */
const pool = (states: Float32Array, weights: readonly Float32Array[], tokens: number, width: number): Float32Array => {
  const vectors = new Float32Array(weights.length * width);
  for (const [row, own] of weights.entries()) {
    const vector = vectors.subarray(row * width, (row + 1) * width);
    for (let token = 0; token < own.length; token++) {
      const from = (row * tokens + token) * width;
      const weight = own[token]!;
      for (let at = 0; at < width; at++) vector[at]! += weight * states[from + at]!;
    }
  }
  return vectors;
};

const unitRows = (vectors: Float32Array, width: number): Float32Array => {
  for (let row = 0; row < vectors.length; row += width) {
    const vector = vectors.subarray(row, row + width);
    const length = Math.hypot(...vector);
    if (length > 0) vector.forEach((value, at) => (vector[at] = value / length));
  }
  return vectors;
};
