import {InvalidArgumentError, Option} from '@commander-js/extra-typings';

/** Options that several commands share, each declared once. */
export const fileOption = () =>
  new Option('-f, --file <path>', 'pipeline file (default: the nearest pipeline.yaml here or above)');

export const profileOption = () => new Option('-p, --profile <name>', 'use the vars of this profile');

export const setOption = () =>
  new Option('--set <key=value>', 'set a var by its path, value read as YAML; may be repeated')
    .argParser((value: string, before: string[] | undefined) => {
      if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError('Expected key=value, for example data.glue=../glue.');
      return [...(before ?? []), value];
    })
    .default([] as string[], 'nothing');

export const jobsOption = () =>
  new Option('-j, --jobs <n>', 'how many jobs at once (default: the number of CPU cores)').argParser(positiveInteger);

export const positiveInteger = (value: string): number => {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1) throw new InvalidArgumentError('Expected a positive integer.');
  return parsed;
};

export const jsonOption = (what: string) => new Option('--json', what);

/** Where a project is and with which values: what every command that reads the pipeline takes. */
export interface ProjectChoice {
  readonly file?: string | undefined;
  readonly profile?: string | undefined;
  readonly set: readonly string[];
}
