import type {Engine, LossFunction, Parameters} from '../../engine/types.ts';
import {createRandom} from '../../math/random.ts';
import type {Random} from '../../math/random.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {createTokenizer} from '../../text/tokenizer.ts';
import {readTokenizerJson} from '../../text/open-tokenizer.ts';
import {createLossCurve} from '../loss-curve.ts';
import type {LossPoint} from '../loss-curve.ts';
import {readPieceCorpus, specialPieces} from './corpus.ts';
import {maskingProbabilities} from './masking.ts';
import type {MaskingOptions} from './masking.ts';
import {heldOutPerplexity} from './perplexity.ts';
import {openRecordedWords} from './recorded-words.ts';
import type {WordSettings} from './settings.ts';
import {trainWords} from './train.ts';
import type {WordTraining} from './train.ts';

export interface WordJob extends WordSettings {
  readonly engine: Engine;
  /** sentences.arrow */
  readonly corpus: string;
  /** Folder whose tokeniser reads it. */
  readonly folder: string;
  readonly config: EncoderConfig;
  readonly learningRate: number;
  readonly loss: LossFunction;
  readonly terms: readonly string[];
  readonly scored: WordTraining['scored'];
  readonly teacher: WordTraining['teacher'];
  /** A file of word-logits, which then says what is hidden, and what the teacher says; its settings. */
  readonly recorded?: {readonly file: string; readonly temperature: number} | null;
  frozen(name: string): boolean;
  /** The parameters that training starts from. */
  initial(random: Random): Parameters;
  /** Another model whose perplexity is of interest, on the same hidden words. */
  readonly compared: {readonly parameters: Parameters; readonly config: EncoderConfig} | null;
  readonly checkpoints: string;
  readonly signal: AbortSignal;
  log(message: string): void;
  onStep(step: number, total: number, loss: number): void;
}

export interface WordResult {
  readonly parameters: Parameters;
  readonly steps: readonly LossPoint[];
  /** Of held-out sentences: before and after, and of the compared model. */
  readonly perplexity: {readonly before: number; readonly after: number; readonly teacher: number | null};
  readonly sentences: number;
  readonly tokens: number;
}

/** Reads the corpus, trains, and measures perplexity on sentences that were held out. */
export const runWords = async (job: WordJob): Promise<WordResult> => {
  const random = createRandom(job.seed);
  const json = readTokenizerJson(job.folder);
  const tokenizer = createTokenizer(json);
  const maxTokens = Math.min(job.maxTokens, job.config.positions);
  // The choice of sentences is the data's, not the seed's: other seeds are measured on the same held-out ones.
  const corpus = readPieceCorpus(job.corpus, {...job, tokenizer, maxTokens, limit: job.sentences, random: createRandom('sentences')}); // prettier-ignore
  const {special, maskId} = specialPieces(json);
  const probabilities = maskingProbabilities(corpus.training, {vocabulary: job.config.vocabulary, special, smoothing: job.masking.smoothing}); // prettier-ignore
  const masking: MaskingOptions = {share: job.masking.share, probabilities, maskId};
  const perplexity = (parameters: Parameters, config: EncoderConfig): Promise<number> =>
    heldOutPerplexity({engine: job.engine, parameters, config, texts: corpus.heldOut, masking, random: createRandom('held out')}); // prettier-ignore
  const initial = job.initial(random.fork('initial parameters'));
  const tokens = corpus.training.reduce((sum, ids) => sum + ids.length, 0);
  const count = Object.values(initial).reduce((sum, {data}) => sum + data.length, 0);
  job.log(`${corpus.training.length} sentences, ${tokens} tokens, ${count} parameters`);
  const before = await perplexity(initial, job.config);
  const curve = createLossCurve();
  const words = job.recorded
    ? openRecordedWords(job.recorded.file, {
        ...{texts: corpus.sentences, vocabulary: job.config.vocabulary, maxTokens},
        ...{temperature: job.recorded.temperature, scored: job.scored},
      })
    : null;
  const parameters = await trainWords({
    ...job,
    ...{parameters: initial, texts: corpus.training, masking, curve, random: random.fork('order')},
    recorded: words && {words, rows: corpus.rows},
  });
  words?.close();
  const after = await perplexity(parameters, job.config);
  const teacher = job.compared ? await perplexity(job.compared.parameters, job.compared.config) : null;
  const compared = teacher === null ? '' : `, the teacher's ${teacher.toFixed(1)}`;
  job.log(`perplexity of hidden words: ${before.toFixed(1)} before, ${after.toFixed(1)} after${compared}`);
  return {parameters, steps: curve.points(), perplexity: {before, after, teacher}, sentences: corpus.training.length, tokens}; // prettier-ignore
};
