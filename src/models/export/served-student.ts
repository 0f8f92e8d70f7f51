import {encodeModel} from '../../io/onnx.ts';
import {lengthBucketsFor} from '../../math/length-buckets.ts';
import {openParallelSession} from '../parallel-session.ts';
import {readStudent} from '../student-folder.ts';
import type {Student} from '../student-folder.ts';
import {openFastReader} from '../fast-reader.ts';
import type {TextEncoder} from '../encoded-text.ts';
import {loadKind} from './load-kind.ts';
import {precisions} from './precision.ts';
import type {PrecisionName} from './precision.ts';
import {servingGraph} from './student-graph.ts';

/** Texts that are worth the way to another thread. */
const fewest = 8;

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
  /** At most so many batches at the same time, the first one in the calling thread; a static student's one after the other. */
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
  {precision = 'float32', rows = 32, ...options}: Omit<ServeOptions, 'folder'>,
): Promise<ServedStudent> => {
  const {config} = student;
  const kind = await loadKind(config.model);
  const threads = kind.staysInThread === true ? 1 : (options.threads ?? 1);
  const read = await openFastReader(student);
  const model = encodeModel(servingGraph({student, kind, precision: precisions[precision]}));
  const {width} = config;
  const session = await openParallelSession({model, width, threads});
  const embed = async (texts: readonly string[]): Promise<Float32Array> => {
    const encoded = texts.map(read);
    const lengths = Int32Array.from(encoded, ({ids}) => ids.length);
    const parts = Math.min(threads, Math.ceil(texts.length / fewest));
    const buckets = lengthBucketsFor(lengths, {parts, rows});
    const batches = buckets.map(members => {
      const own = Array.from(members, at => encoded[at]!);
      return {ids: own.map(({ids}) => ids), weights: own.map(({weights}) => weights)};
    });
    const vectors = new Float32Array(texts.length * width);
    for (const [part, found] of (await session.embed(batches)).entries())
      buckets[part]!.forEach((at, row) => vectors.set(found.subarray(row * width, (row + 1) * width), at * width));
    return vectors;
  };
  return {width, bytes: model.byteLength, read, embed, close: () => session.close()};
};
