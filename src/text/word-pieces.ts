/** The pieces of one word. */
export interface WordPieces {
  readonly ids: readonly number[];
  /** UTF-16 units of the word that each piece covers; they sum to the word's length. */
  readonly lengths: readonly number[];
}
