import type {DropReason} from './corpus-cleaner.ts';

/** Why a text is not in the corpus, in the order of the report, as a reader understands it. */
export const dropMeanings: Readonly<Record<DropReason | 'document-too-long' | 'over-limit', string>> = {
  'document-too-long': 'line of more than 8 MiB',
  empty: 'nothing left but spaces and control characters',
  'too-short': 'fewer words than minWords',
  'too-long': 'more words than maxWords',
  evaluation: 'a text of evaluation data',
  duplicate: 'the same as an earlier sentence',
  'near-evaluation': 'nearly a text of evaluation data',
  'near-duplicate': 'nearly the same as an earlier sentence',
  'over-limit': 'beyond maxSentences, after shuffling',
};
