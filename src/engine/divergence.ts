import {EngineError} from './errors.ts';

/** What a step does when it stops a training: it says which step and batch, and what may help. */
export const divergence = (what: string, step: number, learningRate: number, batch?: string): EngineError =>
  new EngineError(
    `Training stopped at step ${step}: ${what} (learning rate ${learningRate}). ` +
      (batch === undefined ? '' : `It was ${batch}. `) +
      'Nothing was updated, and the last checkpoint stays. ' +
      'Lower the learning rate, set clipNorm, or look for a division by zero or a logarithm of zero in the loss.',
  );
