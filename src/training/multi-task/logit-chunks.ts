import {vectorChunks} from '../../io/vector-chunks.ts';
import type {LabelTeacher} from '../../models/encoder-logits.ts';
import type {Example} from '../../tasks/task.ts';

/** Examples in memory at a time, rows of a record batch, and what a killed run loses at most. */
const chunk = 4096;

export interface LogitChunksOptions {
  readonly teacher: Pick<LabelTeacher, 'logits' | 'labels'>;
  /** For each output of the task the teacher's. */
  readonly order: readonly number[];
  /** Also with the second text first. */
  readonly bothOrders: boolean;
  /** Survives a killed run: chunks that it finished are read there. */
  readonly folder: string;
  readonly onBatch: (done: number) => void;
}

export interface LogitChunk {
  readonly ids: readonly string[];
  /** [example, output] */
  readonly logits: Float32Array;
  readonly swapped: Float32Array | null;
}

/** A teacher's logits of all examples, chunk by chunk; what an earlier run finished is not computed again. */
export async function* logitChunks(
  examples: readonly Example[],
  {teacher, order, bothOrders, folder, onBatch}: LogitChunksOptions,
): AsyncGenerator<LogitChunk> {
  const outputs = order.length;
  const compute = async (start: number, end: number): Promise<Float32Array> => {
    const part = examples.slice(start, end);
    const texts: (readonly [string, string | null])[] = part.map(({text1, text2}) => [text1, text2]);
    // Behind the others, not beside them: rows are cut out below.
    if (bothOrders) for (const {text1, text2} of part) texts.push([text2 ?? '', text1]);
    const found = await teacher.logits(texts, done => onBatch(start + Math.floor(done / (bothOrders ? 2 : 1))));
    return Float32Array.from(
      {length: texts.length * outputs},
      (_, at) => found[Math.floor(at / outputs) * teacher.labels + order[at % outputs]!]!,
    );
  };
  const dim = outputs * (bothOrders ? 2 : 1);
  for await (const {start, rows, data} of vectorChunks({folder, rows: examples.length, dim, chunk, compute})) {
    const ids = examples.slice(start, start + rows).map(({id}) => id);
    const [logits, swapped] = [data.subarray(0, rows * outputs), data.subarray(rows * outputs)];
    yield {ids, logits, swapped: bothOrders ? swapped : null};
  }
}
