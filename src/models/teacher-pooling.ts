import {readArrow} from '../io/arrow.ts';
import {smoothedIdf} from '../math/idf.ts';
import {evenImportance, pieceDocumentFrequencies, pieceImportance, wordImportance} from '../text/piece-weights.ts';
import type {PieceImportance} from '../text/piece-weights.ts';
import type {UseTokenizer} from '../text/use-tokenizer.ts';
import {readWordIdf} from './read-word-idf.ts';

/** How the states of a text's pieces become one vector. */
export interface Pooling {
  readonly pooling: 'mean' | 'idf';
  /** What has the IDF: a word, shared evenly by its pieces (LTD-BERT's way), or the model's own pieces. */
  readonly idfUnit: 'word' | 'piece';
  /** Added to each piece's IDF before a text's weights are divided by their sum. */
  readonly smoothing: number;
}

/** Files that poolings count with; asked for only when they are needed. */
export interface PoolingFiles {
  /** sentences.arrow: documents in which pieces are counted. */
  readonly sentences: () => string;
  /** idf.arrow of words. */
  readonly idf: () => string;
}

/** How much each piece of a text counts, before the weights are made to sum to 1. */
export const openPooling = (
  {pooling, idfUnit, smoothing}: Pooling,
  files: PoolingFiles,
  tokenizer: UseTokenizer,
): PieceImportance => {
  if (pooling === 'mean') return evenImportance;
  if (idfUnit === 'piece') {
    const {documents, frequencies} = pieceDocumentFrequencies(textsOf(files.sentences()), tokenizer);
    const idf = Float64Array.from(frequencies, count => smoothedIdf(documents, count));
    return pieceImportance(idf, smoothing);
  }
  const table = readWordIdf(files.idf());
  const idfOf = new Map(table.words.map((word, row) => [word, table.idf[row] ?? 0]));
  const unknown = smoothedIdf(table.documents, 0);
  return wordImportance(word => idfOf.get(word) ?? unknown, smoothing);
};

/** Of an Arrow file's metadata: vectors with equal notes were pooled in the same way. */
export const poolingNotes = ({pooling, idfUnit, smoothing}: Pooling): Record<string, string> =>
  pooling === 'mean' ? {pooling} : {pooling, idfUnit, smoothing: String(smoothing)};

function* textsOf(sentencesFile: string): Generator<string> {
  for (const batch of readArrow(sentencesFile).batches()) yield* batch.strings('text');
}
