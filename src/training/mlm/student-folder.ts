import {createPredictor} from '../../engine/predictor.ts';
import type {Batch, Engine, Parameters} from '../../engine/types.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {saveEncoder} from '../../models/save-encoder.ts';
import {wordOutputs} from './word-model.ts';

/** Runs a teacher of words, dropout off, on a wordBatch: `teacher.logits` and `teacher.states` of tripleLoss. */
export const openWordTeacher = (
  engine: Engine,
  parameters: Parameters,
  config: EncoderConfig,
): {readonly run: (batch: Batch) => Promise<Batch>; readonly close: () => Promise<void>} => {
  const predictor = createPredictor({
    engine,
    parameters,
    forward: (p, batch, ctx) => {
      const {logits, states} = wordOutputs(p, batch, ctx, config);
      return [logits, states];
    },
  });
  return {
    run: async batch => {
      const [logits, states] = await predictor.run(batch);
      const shaped = (data: Float32Array, width: number) =>
        ({dtype: 'float32', shape: [data.length / width, width], data}) as const;
      return {'teacher.logits': shaped(logits!, config.vocabulary), 'teacher.states': shaped(states!, config.width)};
    },
    close: () => predictor.close(),
  };
};

const tokenTypes = 'embeddings.token_type_embeddings.weight';

/**
 * Writes a student without token types as a BertForMaskedLM that transformers opens: one token type of zeros, which is the
 * same function.
 */
export const saveWordStudent = (
  folder: string,
  parameters: Parameters,
  {config, from}: {readonly config: EncoderConfig; readonly from: string},
): void =>
  saveEncoder(folder, {
    parameters: {...parameters, [tokenTypes]: {shape: [1, config.width], data: new Float32Array(config.width)}},
    parts: {mlm: true},
    from,
    changes: {num_hidden_layers: config.layers, type_vocab_size: 1},
  });
