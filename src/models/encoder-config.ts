import {z} from 'zod';

/** Shape of a BERT encoder (Devlin et al. 2018), under this project's names. */
export interface EncoderConfig {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Width between the two dense layers that follow attention. */
  readonly inner: number;
  /** Most tokens of a text, special ones included. */
  readonly positions: number;
  /** Segment embeddings; 0 where the model has none. */
  readonly tokenTypes: number;
  /** Of the layer norms. */
  readonly epsilon: number;
  readonly activation: 'gelu' | 'gelu-tanh' | 'relu';
  readonly dropout: number;
  readonly attentionDropout: number;
}

const activations = {gelu: 'gelu', gelu_new: 'gelu-tanh', gelu_pytorch_tanh: 'gelu-tanh', relu: 'relu'} as const;

const count = z.int().positive();

// The defaults are those of transformers' BertConfig, which leaves out what equals them. Other keys do not matter here.
const schema = z.looseObject({
  model_type: z.literal('bert'),
  vocab_size: count.default(30_522),
  hidden_size: count.default(768),
  num_hidden_layers: count.default(12),
  num_attention_heads: count.default(12),
  intermediate_size: count.default(3072),
  max_position_embeddings: count.default(512),
  type_vocab_size: z.int().nonnegative().default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_act: z.enum(Object.keys(activations) as (keyof typeof activations)[]).default('gelu'),
  position_embedding_type: z.literal('absolute').default('absolute'),
  hidden_dropout_prob: z.number().min(0).max(1).default(0.1),
  attention_probs_dropout_prob: z.number().min(0).max(1).default(0.1),
  is_decoder: z.literal(false).default(false),
});

/** Reads the content of a model's config.json; `file` is for the message, which lists everything that does not fit. */
export const parseEncoderConfig = (content: unknown, file: string): EncoderConfig => {
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(issue => `  ${issue.path.join('.') || '(all of it)'}: ${issue.message}`);
    throw new Error(`${file} does not describe a BERT encoder that can be read here:\n${issues.join('\n')}`);
  }
  const c = parsed.data;
  if (c.hidden_size % c.num_attention_heads !== 0) {
    throw new Error(
      `${file}: hidden_size ${c.hidden_size} is not a multiple of num_attention_heads ${c.num_attention_heads}.`,
    );
  }
  return {
    vocabulary: c.vocab_size,
    width: c.hidden_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    inner: c.intermediate_size,
    positions: c.max_position_embeddings,
    tokenTypes: c.type_vocab_size,
    epsilon: c.layer_norm_eps,
    activation: activations[c.hidden_act],
    dropout: c.hidden_dropout_prob,
    attentionDropout: c.attention_probs_dropout_prob,
  };
};
