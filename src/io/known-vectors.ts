import {readArrow} from './arrow.ts';

export interface KnownVectors {
  /** Those of the wanted texts whose vectors are known, in the order of the corpus. */
  readonly texts: readonly string[];
  /** Vectors of texts[start … end), end to end: [text, dim]. */
  readonly vectors: (start: number, end: number) => Float32Array;
}

export interface KnownVectorFiles {
  /** vectors.arrow: row i is the vector of sentence i. */
  readonly vectors: string;
  /** sentences.arrow, of which the first were embedded. */
  readonly sentences: string;
}

/**
 * The vectors of those `wanted` texts that a corpus already has. Made with another model, pooling or smoothing (by the
 * notes in the file's metadata), they are refused: mixed vectors would look right and mean nothing.
 */
export const readKnownVectors = (
  {vectors, sentences}: KnownVectorFiles,
  wanted: readonly string[],
  notes: Readonly<Record<string, string>>,
): KnownVectors => {
  const table = readArrow(vectors);
  const found = describe(Object.fromEntries(table.metadata));
  if (found !== describe(notes))
    throw new Error(`${vectors} was made with ${found}; expected ${describe(notes)}, as for these texts.`);
  const left = new Set(wanted);
  const known: string[] = [];
  const rows: Float32Array[] = [];
  const texts = readArrow(sentences).batches();
  let pending: string[] = [];
  for (const batch of table.batches()) {
    const ofBatch = batch.vectors('vector');
    while (pending.length < batch.rows) {
      const next = texts.next();
      if (next.done) throw new Error(`${vectors} has more rows than ${sentences}, from which it must have been made.`);
      pending = [...pending, ...next.value.strings('text')];
    }
    for (let row = 0; row < batch.rows; row++) {
      if (!left.delete(pending[row]!)) continue;
      known.push(pending[row]!);
      // Copied, so that a whole batch does not stay in memory for one of its rows.
      rows.push(ofBatch.row(row).slice());
    }
    pending = pending.slice(batch.rows);
  }
  const dim = rows[0]?.length ?? 0;
  return {
    texts: known,
    vectors: (start, end) => {
      const part = rows.slice(start, end);
      const data = new Float32Array(part.length * dim);
      part.forEach((vector, row) => data.set(vector, row * dim));
      return data;
    },
  };
};

const describe = (notes: Readonly<Record<string, string>>): string =>
  Object.entries(notes)
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join(', ');
