/** A text as a student reads it: token ids and the weights with which their states are summed (they sum to 1). */
export interface EncodedText {
  readonly ids: Int32Array;
  readonly weights: Float32Array;
}

export type TextEncoder = (text: string) => EncodedText;
