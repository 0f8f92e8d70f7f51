import {createPredictor} from '../engine/predictor.ts';
import type {Engine, Parameters} from '../engine/types.ts';
import {onePass, planBatches, sentenceBatch} from './sentence-batch.ts';
import type {StudentForward} from './student.ts';
import type {EncodedText} from './encoded-text.ts';

export interface StudentEncoder {
  /** Sentence vectors end to end, in the order of the texts: [text, width]. */
  encode(texts: readonly EncodedText[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Rows of one call. A power of two that keeps a batch of the longest bucket within some megabytes. */
const defaultRows = 128;

/** A student ready to make vectors; texts are sorted into buckets by length, so that little is spent on padding. */
export const openStudentEncoder = (options: {
  readonly engine: Engine;
  readonly parameters: Parameters;
  readonly network: StudentForward;
  readonly width: number;
  readonly rows?: number;
}): StudentEncoder => {
  const {engine, parameters, network, width, rows = defaultRows} = options;
  const {directions} = network;
  const predictor = createPredictor({engine, parameters, forward: (p, batch, ctx) => network.sentence(p, batch, ctx)});
  const encode = async (texts: readonly EncodedText[]): Promise<Float32Array> => {
    const vectors = new Float32Array(texts.length * width);
    for (const plan of planBatches(
      texts.map(text => text.ids.length),
      {rows, shapeCost: onePass},
    )) {
      const [batchVectors] = await predictor.run(
        sentenceBatch(
          plan.members.map(at => texts[at]!),
          {rows: plan.rows, tokens: plan.tokens, directions},
        ),
      );
      for (const [row, at] of plan.members.entries())
        vectors.set(batchVectors!.subarray(row * width, (row + 1) * width), at * width);
    }
    return vectors;
  };
  return {encode, close: () => predictor.close()};
};
