import fs from 'node:fs';
import path from 'node:path';
import {encodeModel} from '../io/onnx.ts';
import {openTokenizer} from '../text/open-tokenizer.ts';
import type {PieceTokenizer} from '../text/tokenizer.ts';
import {readEncoderFolder} from './encoder-folder.ts';
import type {Pooling} from './encoder-folder.ts';
import {encoderGraph} from './encoder-graph.ts';
import {int8Dense} from './encoder-int8.ts';
import {clsWeights, meanWeights} from './encoder-pooling.ts';
import type {PieceWeights} from './encoder-pooling.ts';
import {openEncoderSession} from './encoder-session.ts';
import type {EncoderSession} from './encoder-session.ts';
import {readEncoderWeights} from './encoder-weights.ts';
import {openOnnxEncoder} from './onnx-encoder-session.ts';

export interface EncoderTeacher {
  readonly session: EncoderSession;
  readonly tokenizer: PieceTokenizer;
  /** Numbers in a vector. */
  readonly width: number;
  /** Vectors that a text has with `layers`: one a layer, the embeddings' first; else 1. */
  readonly vectorsPerText: number;
  /** How the model itself pools, by its files. */
  readonly pooling: Pooling;
  readonly maxPieces: number;
  /** Put before each text. */
  readonly prefix: string;
  /** Of the weights' files. */
  readonly bytes: number;
  readonly parameters: number;
  /** Names in the checkpoint that were not used and that no usual head has. */
  readonly unexpected: readonly string[];
  /** One batch, pooled as the model does it: [text, width]. */
  embed(texts: readonly string[]): Promise<Float32Array>;
}

export interface EncoderTeacherOptions {
  /** config.json, model.safetensors (or onnx/model.onnx), tokenizer.json or vocab.txt; modules.json if there is one. */
  readonly folder: string;
  readonly threads: number;
  /** int8: products of dense layers in 8-bit integers: a scale for each output of the weights, one for a batch's states. */
  readonly precision?: 'float32' | 'int8';
  /** Also a vector of every layer. */
  readonly layers?: boolean;
  /** Instead of the model's own. */
  readonly prefix?: string;
}

/** Reads a BERT encoder of a folder and builds its graph. */
export const openEncoderTeacher = async (options: EncoderTeacherOptions): Promise<EncoderTeacher> => {
  const {threads, precision = 'float32', layers = false} = options;
  const found = readEncoderFolder(options.folder);
  const {folder, config, normalize, maxPieces, prefix: ownPrefix} = found;
  const tokenizer = openTokenizer(folder, config.vocabulary);
  const prefix = options.prefix ?? ownPrefix;
  const exported = onnxFile(folder);
  const common = {tokenizer, width: config.width, pooling: found.pooling, maxPieces, prefix};
  const weigh: PieceWeights = found.pooling === 'cls' ? clsWeights : meanWeights;
  const embedWith =
    (session: EncoderSession): EncoderTeacher['embed'] =>
    texts => {
      const pieces = texts.map(text => tokenizer.encodeWithOffsets(prefix + text, maxPieces));
      return session.embed({
        ids: pieces.map(({ids}) => ids),
        weights: pieces.map((own, row) => weigh(texts[row]!, own)),
      });
    };
  if (exported !== null) {
    if (layers || precision !== 'float32')
      throw new Error(`${exported} can only be run as it is; layers and int8 need model.safetensors.`);
    const session = await openOnnxEncoder({file: exported, threads, normalize});
    const {size} = fs.statSync(exported);
    return {
      ...common,
      session,
      vectorsPerText: 1,
      bytes: size,
      parameters: 0,
      unexpected: [],
      embed: embedWith(session),
    };
  }
  const weights = readEncoderWeights(folder, config);
  const wanted = {parameters: weights.parameters, normalize, ...(layers && {also: 'layers' as const})};
  // GELU by tanh is off by less than 8-bit integers are, and faster.
  const graph =
    precision === 'int8'
      ? encoderGraph({...wanted, config: {...config, activation: config.activation === 'gelu' ? 'gelu-tanh' : config.activation}}, int8Dense) // prettier-ignore
      : encoderGraph({...wanted, config});
  const session = await openEncoderSession({model: encodeModel(graph), threads});
  return {
    ...common,
    session,
    vectorsPerText: layers ? config.layers + 1 : 1,
    bytes: weights.files.reduce((sum, file) => sum + fs.statSync(file).size, 0),
    parameters: Object.values(weights.parameters).reduce((sum, {data}) => sum + data.length, 0),
    unexpected: weights.unexpected,
    embed: embedWith(session),
  };
};

/** An exported graph, where a folder has one and no weights to build a better one from. */
const onnxFile = (folder: string): string | null => {
  const has = (name: string): boolean => fs.existsSync(path.join(folder, name));
  if (has('model.safetensors') || has('model.safetensors.index.json')) return null;
  const name = ['onnx/model.onnx', 'model.onnx'].find(has);
  return name === undefined ? null : path.join(folder, name);
};
