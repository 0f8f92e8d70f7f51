/** A mistake in what a report is made from (a file, a setting): told without a stack trace. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
