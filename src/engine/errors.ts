/** A mistake in what was asked of the engine (a model function, a batch, a checkpoint): to be shown without a stack trace. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
