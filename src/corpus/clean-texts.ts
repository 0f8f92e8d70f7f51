import type {TextSpool} from '../io/text-spool.ts';
import type {CorpusCleaner} from '../text/corpus-cleaner.ts';
import {DropTally} from '../text/drop-tally.ts';
import {normalize} from '../text/normalize.ts';
import {corpusTexts, expectedTexts} from './corpus-texts.ts';
import type {CorpusSources, CorpusText} from './corpus-texts.ts';

export interface CleanedTexts {
  readonly tally: DropTally;
  readonly repaired: {readonly invalidUtf8: number; readonly changed: number};
  /** Of the sentence that was spooled as the at-th. */
  sourceOf(at: number): string;
}

/** Judges all texts of the corpus in their order; those that are kept go to `spool`, why the others were not is counted. */
export const cleanTexts = async ({
  corpus,
  cleaner,
  spool,
  onRead,
}: {
  readonly corpus: CorpusSources;
  readonly cleaner: CorpusCleaner;
  readonly spool: TextSpool;
  /** Called now and then with the number of texts read, and of those that there may be; may throw to stop. */
  readonly onRead: (read: number, expected: number) => void;
}): Promise<CleanedTexts> => {
  const tally = new DropTally();
  const repaired = {invalidUtf8: 0, changed: 0};
  // Numbers instead of names for each kept sentence.
  const sourceNames: string[] = [];
  const sourceOf: number[] = [];
  const judge = ({text, source, isValid}: CorpusText): void => {
    tally.read(source);
    if (!isValid) repaired.invalidUtf8++;
    if (text === null) return tally.drop('document-too-long', source, '');
    const sentence = normalize(text);
    if (sentence !== text) repaired.changed++;
    const verdict = cleaner.judge(sentence);
    if (!verdict.keep) {
      const {reason, like} = verdict;
      return tally.drop(reason, source, sentence, like === undefined ? undefined : () => spool.read(like));
    }
    if (!sourceNames.includes(source)) sourceNames.push(source);
    sourceOf.push(sourceNames.indexOf(source));
    spool.push(sentence);
  };
  const expected = expectedTexts(corpus);
  let read = 0;
  for await (const text of corpusTexts(corpus)) {
    if (++read % 8192 === 0) onRead(read, Math.max(read, expected));
    judge(text);
  }
  return {tally, repaired, sourceOf: at => sourceNames[sourceOf[at]!]!};
};
