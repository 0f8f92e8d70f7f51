/** A mistake in what the user typed or wrote: printed as it is, without a stack trace; exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
