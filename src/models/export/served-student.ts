import {encodeModel} from '../../io/onnx.ts';
import {lengthBuckets} from '../../math/length-buckets.ts';
import {openEncoderSession} from '../encoder-session.ts';
import {readStudent} from '../student-folder.ts';
import type {Student} from '../student-folder.ts';
import {openFastReader} from './fast-reader.ts';
import type {TextEncoder} from '../student-tokens.ts';
import {loadKind} from './load-kind.ts';
import {precisions} from './precision.ts';
import type {PrecisionName} from './precision.ts';
import {servingGraph} from './student-graph.ts';

export interface ServedStudent {
  readonly width: number;
  /** Bytes of the network as it was loaded. */
  readonly bytes: number;
  /** Text → ids and weights, as training read it. */
  readonly read: TextEncoder;
  /** Vectors in the order of the texts: [text, width]. */
  embed(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** A student as `train-student` leaves it. */
  readonly folder: string;
  readonly precision?: PrecisionName;
  readonly threads?: number;
  /** Texts in one run of the network. */
  readonly rows?: number;
}

/**
 * A trained student ready to serve, from its own folder: texts are read with the weights of training, words and all, so
 * that vectors are training's whatever the unit. The fastest way from text to vector that Node has here.
 */
export const serveStudent = async ({folder, ...options}: ServeOptions): Promise<ServedStudent> =>
  serve(readStudent(folder), options);

export const serve = async (
  student: Student,
  {precision = 'float32', threads = 1, rows = 32}: Omit<ServeOptions, 'folder'>,
): Promise<ServedStudent> => {
  const {config} = student;
  const kind = await loadKind(config.model);
  const read = await openFastReader(student);
  const model = encodeModel(servingGraph({student, kind, precision: precisions[precision]}));
  const session = await openEncoderSession({model, threads});
  const {width} = config;
  const embed = async (texts: readonly string[]): Promise<Float32Array> => {
    const encoded = texts.map(read);
    const lengths = Int32Array.from(encoded, ({ids}) => ids.length);
    const vectors = new Float32Array(texts.length * width);
    for (const members of lengthBuckets(lengths, {budget: Number.POSITIVE_INFINITY, rows})) {
      const batch = Array.from(members, at => encoded[at]!);
      const found = await session.embed({ids: batch.map(({ids}) => ids), weights: batch.map(({weights}) => weights)});
      members.forEach((at, row) => vectors.set(found.subarray(row * width, (row + 1) * width), at * width));
    }
    return vectors;
  };
  return {width, bytes: model.byteLength, read, embed, close: () => session.close()};
};
