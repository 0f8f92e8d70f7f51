import {openArrowWriter, readArrow} from '../io/arrow.ts';
import {encodeModel} from '../io/onnx.ts';
import {lengthBuckets} from '../math/length-buckets.ts';
import {openTokenizer} from '../text/open-tokenizer.ts';
import {encoderPlace} from './encoder-place.ts';
import {readEncoderFolder} from './encoder-folder.ts';
import {encoderGraph} from './encoder-graph.ts';
import {openEncoderSession} from './encoder-session.ts';
import {textWeights} from './encoder-text-weights.ts';
import type {TextWeightsOptions} from './encoder-text-weights.ts';
import {openTexts} from './encoder-texts.ts';
import {readEncoderWeights} from './encoder-weights.ts';
import {openTokenPlaces} from './token-places.ts';
import type {Writing} from './writing.ts';

/** Sentences that are read, embedded and written together. */
const chunk = 512;

export interface PieceVectorsOptions extends TextWeightsOptions, Writing {
  /** A model of the hub (`owner/name@COMMIT`), or `folder`. */
  readonly model: string;
  /** The input `model`, with `folder`. */
  readonly modelFolder: string | null;
  readonly unit: 'teacher-piece' | 'character';
  readonly language: 'en' | 'zh';
  readonly pooling: 'model' | 'mean' | 'cls' | 'idf';
  readonly prefix?: string | undefined;
  /** sentences.arrow, and of how many sentences. */
  readonly sentences: string;
  readonly limit: number;
  /** Tokens of a sentence beyond these have no vector. */
  readonly maxTokens: number;
  readonly storage: 'float32' | 'float16';
  readonly batchPieces: number;
}

/**
 * Writes an encoder's last state at each token of the first sentences: columns id (the sentence's), vector; a row a token, in
 * order. States are on the scale of the sentence's vector: where that is brought to length 1, they are divided by the
 * length that it had, so that their weighted sum is the vector.
 */
export const writePieceVectors = async (options: PieceVectorsOptions): Promise<void> => {
  const {folder: place, notes} = await encoderPlace(options);
  const found = readEncoderFolder(place);
  const {folder, config, normalize, maxPieces} = found;
  const {width} = config;
  const prefix = options.prefix ?? found.prefix;
  const pooling = options.pooling === 'model' ? found.pooling : options.pooling;
  const tokenizer = openTokenizer(folder, config.vocabulary);
  const placesOf = await openTokenPlaces({...options, tokenizer, prefix});
  const weigh = await textWeights(pooling, options, {tokenizer, prefix});
  const {parameters} = readEncoderWeights(folder, config);
  const graph = encoderGraph({config, parameters, normalize: false, also: 'states'});
  const session = await openEncoderSession({model: encodeModel(graph), threads: options.threads});
  const source = openTexts({texts: {sentences: options.sentences}, limit: options.limit}, () => null);
  const ids = readArrow(options.sentences).numbers('id');
  const writer = openArrowWriter(
    options.out,
    {id: 'uint32', vector: options.storage === 'float16' ? {float16: width} : {float32: width}},
    {metadata: {...notes, pooling, unit: options.unit}},
  );
  const begin = performance.now();
  let [sentences, vectors] = [0, 0];
  for (let start = 0; start < source.rows; start += chunk) {
    const texts = source.texts(start, Math.min(start + chunk, source.rows));
    const pieces = texts.map(text => tokenizer.encodeWithOffsets(prefix + text, maxPieces));
    // Of a text whose end the teacher does not read nothing is written.
    const places = texts.map((text, row) => (pieces[row]!.ids.length < maxPieces ? placesOf(text, pieces[row]!) : []));
    const starts: number[] = [0];
    for (const own of places) starts.push(starts.at(-1)! + own.length);
    const vector = new Float32Array(starts.at(-1)! * width);
    const lengths = Int32Array.from(pieces, own => own.ids.length);
    for (const rows of lengthBuckets(lengths, {budget: options.batchPieces, rows: 256})) {
      options.signal.throwIfAborted();
      const results = await session.run({
        ids: Array.from(rows, row => pieces[row]!.ids),
        weights: Array.from(rows, row => weigh(texts[row]!, pieces[row]!)),
      });
      const [states, whole] = [results['states']!, results['vector']!];
      const tokens = states.length / (rows.length * width);
      rows.forEach((row, at) => {
        const length = normalize ? lengthOf(whole.subarray(at * width, (at + 1) * width)) : 1;
        places[row]!.forEach((piece, token) => {
          const from = (at * tokens + piece) * width;
          const to = (starts[row]! + token) * width;
          for (let d = 0; d < width; d++) vector[to + d] = states[from + d]! / length;
        });
      });
    }
    const id = Uint32Array.from(places.flatMap((own, row) => own.map(() => ids[start + row]!)));
    await writer.append({id, vector});
    sentences += texts.length;
    vectors += id.length;
    options.progress(sentences, source.rows, 'sentence');
  }
  await writer.close();
  await session.close();
  const bytes = width * (options.storage === 'float16' ? 2 : 4);
  const seconds = (performance.now() - begin) / 1000;
  options.log(
    `${vectors} vectors of ${sentences} sentences: ${Math.round((vectors * bytes) / sentences)} bytes a sentence, ` +
      `${bytes} for its own vector; ${Math.round(sentences / seconds)} sentences a second with ${options.threads} threads`,
  );
};

const lengthOf = (vector: Float32Array): number =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
