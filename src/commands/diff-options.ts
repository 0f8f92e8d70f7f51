import {InvalidArgumentError, Option} from '@commander-js/extra-typings';

/** Options that `diff` and `metrics` share. */

/** Points (score × 100), as reports print differences; kept in the metric's own unit. */
export const toleranceOption = () =>
  new Option('--tolerance <metric=points>', 'differences of a metric that are too small to matter; may be repeated')
    .argParser((value: string, before: Record<string, number> | undefined) => {
      const [, metric, points] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(value) ?? [];
      if (metric === undefined) throw new InvalidArgumentError('Expected metric=points, for example accuracy=0.3.');
      return {...before, [metric]: Number(points) / 100};
    })
    .default({}, 'none');

export const renamedOption = () =>
  new Option('--renamed <old=new>', 'an arm or task that has another name now; may be repeated')
    .argParser((value: string, before: Record<string, string> | undefined) => {
      const [, old, now] = /^([^=]+)=([^=]+)$/.exec(value) ?? [];
      if (old === undefined || now === undefined)
        throw new InvalidArgumentError('Expected old=new, for example ltd=distilled.');
      return {...before, [old]: now};
    })
    .default({}, 'found by equal runs');

export const maxCharsOption = (longest: number) =>
  new Option('--max-chars <n>', 'cut tables until the markdown is no longer than this')
    .argParser((value: string) => {
      const count = Number(value);
      if (!Number.isInteger(count) || count < 200)
        throw new InvalidArgumentError('Expected a whole number from 200 on.');
      return count;
    })
    .default(longest, 'what a comment on GitHub takes');
