import {createPredictor} from '../../engine/predictor.ts';
import type {Engine, Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {onePass, planBatches} from '../../models/sentence-batch.ts';
import {hiddenWordLoss} from './triple-loss.ts';
import {maskWords} from './masking.ts';
import type {MaskingOptions} from './masking.ts';
import {wordBatch} from './word-batch.ts';
import {wordOutputs} from './word-model.ts';

/** exp of the mean cross-entropy of hidden words of texts that were not learnt from; the same words for every model. */
export const heldOutPerplexity = async (options: {
  readonly engine: Engine;
  readonly parameters: Parameters;
  readonly config: EncoderConfig;
  readonly texts: readonly Int32Array[];
  readonly masking: MaskingOptions;
  readonly random: Random;
}): Promise<number> => {
  const {texts, masking, random} = options;
  const predictor = createPredictor({
    ...options,
    forward: (p, batch, ctx) => hiddenWordLoss(wordOutputs(p, batch, ctx, options.config), batch),
  });
  const rows = 16;
  let [sum, words] = [0, 0];
  for (const {members, tokens} of planBatches(
    texts.map(ids => ids.length),
    {rows, shapeCost: onePass},
  )) {
    const own = members.map(member => texts[member]!);
    const masked = maskWords(own, masking, random);
    const [loss] = await predictor.run(wordBatch(own, masked, {rows, tokens, scored: 'masked', share: masking.share}));
    sum += loss![0]! * masked.places.length;
    words += masked.places.length;
  }
  await predictor.close();
  return Math.exp(sum / words);
};
