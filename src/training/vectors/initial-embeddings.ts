import type {Engine, Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {Vocabulary} from '../../text/vocabulary.ts';
import {bagOfWordsVectors, tokenVectors} from './bag-of-words.ts';
import type {HeldOut} from './held-out.ts';
import type {TeacherMatch} from '../../evaluation/teacher-match.ts';
import type {TaughtCorpus} from './taught-corpus.ts';
import {teacherEmbeddings} from './teacher-embeddings.ts';
import {readTokenVectors} from './token-vectors.ts';

export interface InitialEmbeddingsOptions {
  readonly embeddings: 'random' | 'teacher' | 'tokens';
  readonly embeddingScale: number;
  readonly corpus: TaughtCorpus;
  /** The first so many sentences. */
  readonly learnt: number;
  readonly heldOut: HeldOut;
  readonly vocabulary: Vocabulary;
  readonly untrained: Parameters;
  /** What the teacher says of single tokens: for `tokens`. */
  readonly tokensFile: string | null;
  readonly engine: Engine;
  readonly random: Random;
}

/** Parameters to start from, and how far one gets without a network at all: the mean of what the teacher says of tokens. */
export const initialEmbeddings = async (
  options: InitialEmbeddingsOptions,
): Promise<{readonly initial: Parameters; readonly bagOfWords: TeacherMatch}> => {
  const {embeddings, corpus, learnt, heldOut, vocabulary, untrained, tokensFile} = options;
  if (embeddings === 'tokens' && tokensFile === null)
    throw new Error(
      '`embeddings: tokens` needs the input `tokens`: vectors of single tokens, by the stage embed-tokens.',
    );
  const training = {length: learnt, at: (index: number) => corpus.at(index)};
  const ofSentences = tokenVectors(training, corpus.teacher, vocabulary.size);
  const bagOfWords = heldOut.match(bagOfWordsVectors(ofSentences, heldOut.sentences));
  if (embeddings === 'random') return {initial: untrained, bagOfWords};
  const ofTokens = embeddings === 'tokens' ? readTokenVectors(tokensFile!, vocabulary) : ofSentences;
  const {shape} = untrained['embedding']!;
  const data = await teacherEmbeddings(ofTokens, {...options, width: shape[1]!, deviation: options.embeddingScale});
  return {initial: {...untrained, embedding: {shape, data}}, bagOfWords};
};
