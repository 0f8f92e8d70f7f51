import {createRandom} from '../../math/random.ts';
import type {Example} from '../../tasks/task.ts';
import {disturb} from '../../text/noise.ts';
import type {NoiseKind} from '../../text/noise.ts';
import {openSynonyms} from './synonyms.ts';

export interface DisturbedOptions {
  readonly kind: NoiseKind;
  readonly rate: number;
  readonly noiseSeed: number;
}

/** The examples with disturbed texts, labels as they were: what a robust model answers alike. By id, so that order is no matter. */
export const disturbed = (
  examples: readonly Example[],
  {kind, rate, noiseSeed}: DisturbedOptions,
): readonly Example[] => {
  const synonymsOf = kind === 'synonyms' ? openSynonyms() : () => [];
  const seeded = createRandom(noiseSeed).fork(kind);
  return examples.map(example => {
    const random = seeded.fork(example.id);
    const change = (text: string): string => disturb(text, {kind, rate, synonymsOf}, random);
    return {...example, text1: change(example.text1), text2: example.text2 === null ? null : change(example.text2)};
  });
};
