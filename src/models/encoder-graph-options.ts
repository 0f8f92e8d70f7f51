import type {HostTensor} from '../engine/types.ts';
import type {EncoderConfig} from './encoder-config.ts';

export interface EncoderGraphOptions {
  readonly config: EncoderConfig;
  /** By the names of `encoderShapes`. */
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** Vectors of length 1. */
  readonly normalize: boolean;
  /** What beside `vector` is given: the states of the last layer, or a vector of every layer, the embeddings first. */
  readonly also?: 'states' | 'layers';
  /** Outputs of the head on the pooled first token, whose weights are then among the parameters: an output `logits`. */
  readonly labels?: number;
  /** A second input of token types, for pairs of texts. */
  readonly pairs?: boolean;
}
