import {openArrowWriter} from '../io/arrow.ts';
import type {TextSpool} from '../io/text-spool.ts';
import {createRandom} from '../math/random.ts';
import type {DropTally} from '../text/drop-tally.ts';

export interface ShuffledOptions {
  readonly spool: TextSpool;
  /** Name of the source of text number i of the spool. */
  readonly sourceOf: (index: number) => string;
  /** Counts what is kept, and what is beyond `maxSentences`. */
  readonly tally: DropTally;
  /** null: all. */
  readonly maxSentences: number | null;
  readonly language: string;
  readonly seed: number;
}

/** Writes sentences.arrow in a random order, so that the first n sentences are a fair sample of all. */
export const writeShuffled = async (
  file: string,
  {spool, sourceOf, tally, maxSentences, language, seed}: ShuffledOptions,
): Promise<void> => {
  const order = createRandom(seed)
    .fork('corpus order')
    .shuffle(Uint32Array.from({length: spool.size}, (_, at) => at));
  const kept = order.subarray(0, maxSentences ?? order.length);
  const writer = openArrowWriter(file, {id: 'uint32', text: 'utf8', source: 'utf8'}, {metadata: {language}});
  for (let start = 0; start < kept.length; start += 8192) {
    const batch = kept.subarray(start, start + 8192);
    const source = Array.from(batch, sourceOf);
    for (const name of source) tally.keep(name);
    await writer.append({
      id: Uint32Array.from(batch, (_, at) => start + at),
      text: Array.from(batch, at => spool.read(at)),
      source,
    });
  }
  await writer.close();
  for (const at of order.subarray(kept.length)) tally.drop('over-limit', sourceOf(at), spool.read(at));
};
