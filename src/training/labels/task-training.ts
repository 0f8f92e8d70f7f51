import type {Engine} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {LossCurve} from '../loss-curve.ts';

/** What every way to learn a task from labelled examples needs, whatever it trains. */
export interface TaskTraining {
  readonly engine: Engine;
  /** Cross-entropy over labels, or squared error of a score. */
  readonly kind: 'classification' | 'regression';
  /** Labels, or 1 for a score. */
  readonly outputs: number;
  /** [example, outputs]: one-hot labels, or the score scaled to [0, 1]. */
  readonly targets: Float32Array;
  readonly epochs: number;
  /** Examples of a step. */
  readonly batch: number;
  readonly learningRate: number;
  readonly clipNorm: number;
  readonly headDropout: number;
  /** Of the dropout masks. */
  readonly seed: number;
  /** Its forks give the order of each epoch. */
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Told of every step; what can go on from a checkpoint keeps its notes there. */
  readonly curve: LossCurve;
  onStep(step: number, total: number, loss: number): void;
}
