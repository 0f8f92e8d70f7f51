import type {EncoderConfig} from './encoder-config.ts';

/** Parts of a model beyond the encoder itself. */
export interface EncoderParts {
  /** The dense layer with tanh on the first token. */
  readonly pooler?: boolean;
  /** The head that predicts masked words; its output layer is tied to the word embeddings. */
  readonly mlm?: boolean;
  /** Outputs of a head on the pooled first token. */
  readonly labels?: number;
}

/**
 * Names and shapes of the tensors, as BertModel of transformers has them (without `bert.`); a Linear is [outputs, inputs].
 * The heads are those of BertForMaskedLM and BertForSequenceClassification.
 */
export const encoderShapes = (config: EncoderConfig, parts: EncoderParts = {}): Map<string, readonly number[]> => {
  const {vocabulary, width, layers, inner, positions, tokenTypes} = config;
  const shapes = new Map<string, readonly number[]>();
  const linear = (name: string, outputs: number, inputs: number): void => {
    shapes.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  };
  const norm = (name: string): void => {
    shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width]);
  };
  shapes.set('embeddings.word_embeddings.weight', [vocabulary, width]);
  shapes.set('embeddings.position_embeddings.weight', [positions, width]);
  if (tokenTypes > 0) shapes.set('embeddings.token_type_embeddings.weight', [tokenTypes, width]);
  norm('embeddings.LayerNorm');
  for (let layer = 0; layer < layers; layer++) {
    const at = `encoder.layer.${layer}`;
    for (const role of ['query', 'key', 'value']) linear(`${at}.attention.self.${role}`, width, width);
    linear(`${at}.attention.output.dense`, width, width);
    norm(`${at}.attention.output.LayerNorm`);
    linear(`${at}.intermediate.dense`, inner, width);
    linear(`${at}.output.dense`, width, inner);
    norm(`${at}.output.LayerNorm`);
  }
  if (parts.pooler) linear('pooler.dense', width, width);
  if (parts.mlm) {
    linear('cls.predictions.transform.dense', width, width);
    norm('cls.predictions.transform.LayerNorm');
    shapes.set('cls.predictions.bias', [vocabulary]);
  }
  if (parts.labels !== undefined) linear('classifier', parts.labels, width);
  return shapes;
};

/** `bert.` of models with a head, `0.auto_model.` and `model.` of sentence-transformers' older files. */
const prefixes = /^(?:0\.)?(?:auto_model\.|model\.)?(?:bert\.)?/;

/**
 * The name that `encoderShapes` has for a tensor of a checkpoint: without prefixes, and with LayerNorm's parameters
 * called weight and bias, which the first converted checkpoints (bert-base-uncased among them) call gamma and beta.
 */
export const canonicalName = (name: string): string =>
  name
    .replace(prefixes, '')
    .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
    .replace(/LayerNorm\.beta$/, 'LayerNorm.bias');

/** Copies of other tensors, or numbers that follow from the shape: they carry nothing of their own. */
export const isRedundant = (name: string): boolean =>
  name === 'embeddings.position_ids' ||
  name === 'embeddings.token_type_ids' ||
  name === 'cls.predictions.decoder.weight' ||
  name === 'cls.predictions.decoder.bias';

/** Heads of other training goals, which a teacher does not need: worth no warning. */
export const isOtherHead = (name: string): boolean => /^(cls\.|pooler\.|classifier\.|qa_outputs\.)/.test(name);

/** The name under which `AutoModelFor…` of transformers looks for a tensor: the encoder's own with `bert.` beside heads. */
export const checkpointName = (name: string, parts: EncoderParts): string => {
  const hasHead = parts.mlm === true || parts.labels !== undefined;
  return hasHead && !/^(cls|classifier)\./.test(name) ? `bert.${name}` : name;
};
