import type {HostTensor} from '../../engine/types.ts';
import type {DenseLayer, EncoderBuilder} from '../encoder-builder.ts';
import type {Student} from '../student-folder.ts';
import type {Precision} from './precision.ts';

/** Values of a graph that a student's layers start from. */
export interface TokenInputs {
  /** Integers [batch, token]. */
  readonly ids: string;
  /** Integers of 32 bits [batch]. */
  readonly lengths: string;
  /** float32 [batch, token], 1 on tokens and 0 on padding. */
  readonly mask: string;
}

/** A folder of sentence-transformers' modules.json. */
export interface ModuleFolder {
  /** The class's name in sentence_transformers.models. */
  readonly type: string;
  readonly config: {readonly file: string; readonly content: Readonly<Record<string, unknown>>};
  readonly tensors?: Readonly<Record<string, HostTensor>>;
}

/** One kind of student as it leaves the pipeline: `kinds/<model>.ts`, by `model` in the student's config.json. */
export interface StudentKind {
  /** Token states [batch, token, dim] before the output layer. */
  readonly states: (
    graph: EncoderBuilder,
    precision: Precision,
    student: Student,
    inputs: TokenInputs,
  ) => {readonly states: string; readonly dim: number};
  /** The linear layer that gives states the teacher's width; null where they have it. */
  readonly projection: (student: Student) => DenseLayer | null;
  /** True where a batch is done sooner than it finds its way to another thread. */
  readonly staysInThread?: boolean;
  /** What each id's weight is multiplied by before weights are divided by their sum, [vocabulary]; absent: by nothing. */
  readonly gates?: (student: Student) => Float32Array | null;
  /** Modules of sentence-transformers that compute the same states from ids; null: it has none that could. */
  readonly modules: (student: Student) => readonly ModuleFolder[] | null;
}
