import type {KnownVectorFiles} from '../io/known-vectors.ts';
import type {TextWeightsOptions} from './encoder-text-weights.ts';
import type {TextsOptions} from './encoder-texts.ts';
import type {Writing} from './writing.ts';

/** What the stage embed-teacher is asked for, whichever its teacher is. */
export interface VectorsOptions extends TextsOptions, TextWeightsOptions, Writing {
  /** A model of the hub (`owner/name@COMMIT`), `folder`, or `use-lite`. */
  readonly model: string;
  /** The input `model`, with `folder`. */
  readonly modelFolder: string | null;
  readonly pooling: 'model' | 'mean' | 'cls' | 'idf';
  /** What has the IDF; pieces only of USE-lite. */
  readonly idfUnit: 'word' | 'piece';
  readonly precision: 'float32' | 'int8';
  readonly storage: 'float32' | 'float16';
  /** Also a column with a vector of every layer. */
  readonly layers: boolean;
  readonly prefix?: string | undefined;
  /** Pieces in one run of the model, padding included. */
  readonly batchPieces: number;
  /** Vectors that an earlier run made of the first of the sentences; only with texts of tasks. */
  readonly known: KnownVectorFiles | null;
  /** sentences.arrow, asked for only where its pieces are counted. */
  readonly sentences: () => string;
  readonly scratch: string;
}
