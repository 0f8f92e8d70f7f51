import type {ReportData} from '../data.ts';
import {plural} from '../format.ts';
import type {Measure} from './measured.ts';

/** A size that a stage may write beside a model's name; null where it did not. */
const written = (name: string): Measure => ({
  kind: 'model',
  of: model => (typeof model[name] === 'number' ? model[name] : null),
});

/** Sentences that the published seconds cannot be compared by: ours are for so many, one at a time. */
const sentences = 1000;

export const modelColumns = {
  layers: written('layers'),
  hidden: written('hidden'),
  feedForward: written('feedForward'),
  parameters: {kind: 'model', of: model => model.parameters / 1e6},
  seconds: {kind: 'model', of: model => sentences / model.sentencesPerSecond.batch1},
  speedUp: {
    kind: 'model',
    of: ({sentencesPerSecond, teacher}) => sentencesPerSecond.batch1 / teacher.sentencesPerSecond.batch1,
  },
} satisfies Readonly<Record<string, Measure>>;

export const speedNotes = ({cost}: ReportData): string[] =>
  cost
    ? [
        `Seconds, ours: for ${sentences} sentences one at a time on ${plural(cost.threads, 'thread')}; machines and texts differ, so compare ratios.`,
      ]
    : [];
