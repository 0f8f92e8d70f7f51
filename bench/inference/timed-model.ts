/** A model from text to vector, with the reading of texts apart. */
export interface TimedModel {
  /** Texts to ids, and weights where there are any. */
  read(texts: readonly string[]): unknown;
  /** Texts to vectors, reading included, in batches of similar lengths. */
  embed(texts: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}
