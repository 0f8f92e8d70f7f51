import {InvalidArgumentError, Option} from '@commander-js/extra-typings';
import {defaultMaxBytes, parseSize} from '../runner/gc/size-limit.ts';
import {UserError} from './user-error.ts';

const variable = 'DISTILL_STORE_LIMIT';

export const maxSizeOption = () =>
  new Option(
    '--max-size <size>',
    `how large the store may be: 500MB, 10GB, 0, none (default: $${variable}, else 10GB)`,
  ).argParser(sizeArgument);

/** For options: `500MB` → bytes. */
export const sizeArgument = (text: string): number => {
  const bytes = parseSize(text);
  if (bytes === null) throw new InvalidArgumentError('Expected a size such as 500MB, 10GB, 0 or none.');
  return bytes;
};

/** The limit of this machine, in bytes: no part of pipeline.yaml, since disks differ. */
export const storeLimit = (): number => {
  const text = process.env[variable];
  if (text === undefined || text === '') return defaultMaxBytes;
  const bytes = parseSize(text);
  if (bytes === null)
    throw new UserError(`expected ${variable} to be a size such as 500MB, 10GB, 0 or none, got "${text}"`);
  return bytes;
};
