import fs from 'node:fs';
import path from 'node:path';
import {writeSafetensors} from '../../io/safetensors.ts';
import type {TokenizerJson} from '../../text/tokenizer-json.ts';
import {transposed} from '../encoder-builder.ts';
import type {DenseLayer} from '../encoder-builder.ts';
import type {ModuleFolder} from './student-kind.ts';

export interface ModulesOptions {
  readonly folder: string;
  readonly modules: readonly ModuleFolder[];
  readonly pooling: 'mean' | 'max';
  /** Width of what is pooled. */
  readonly dim: number;
  /** A weight for each token, in the order of ids; null where the mean is even. */
  readonly tokenWeights: {readonly tokens: readonly string[]; readonly weights: Float32Array} | null;
  readonly projection: DenseLayer | null;
  readonly tokenizer: {readonly json: TokenizerJson; readonly config: Readonly<Record<string, unknown>>};
}

/**
 * modules.json and its folders, which sentence-transformers reads. The names of modules are those of before version 6,
 * which versions 5 and 6 both resolve. WordWeights and the mean make a weighted mean.
 */
export const writeModules = (options: ModulesOptions): void => {
  const {folder, tokenWeights, projection, pooling, dim, tokenizer} = options;
  const modules = [...options.modules];
  if (tokenWeights) modules.push(wordWeights(tokenWeights));
  modules.push({type: 'Pooling', config: {file: 'config.json', content: poolingConfig(dim, pooling)}});
  if (projection) modules.push(dense(projection));
  for (const [at, {type, config, tensors}] of modules.entries()) {
    const own = path.join(folder, `${at}_${type}`);
    fs.mkdirSync(own, {recursive: true});
    writeJson(path.join(own, config.file), config.content);
    if (tensors) writeSafetensors(path.join(own, 'model.safetensors'), tensors, {format: 'pt'});
    if (at === 0) writeTokenizer(own, tokenizer);
  }
  writeJson(
    path.join(folder, 'modules.json'),
    modules.map(({type}, at) => ({
      ...{idx: at, name: String(at), path: `${at}_${type}`},
      type: `sentence_transformers.models.${type}`,
    })),
  );
  writeJson(path.join(folder, 'config_sentence_transformers.json'), {
    prompts: {},
    default_prompt_name: null,
    similarity_fn_name: 'cosine',
  });
};

export const writeTokenizer = (folder: string, {json, config}: ModulesOptions['tokenizer']): void => {
  fs.writeFileSync(path.join(folder, 'tokenizer.json'), `${JSON.stringify(json)}\n`);
  writeJson(path.join(folder, 'tokenizer_config.json'), config);
};

export const writeJson = (file: string, content: unknown): void =>
  fs.writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`);

const wordWeights = ({tokens, weights}: NonNullable<ModulesOptions['tokenWeights']>): ModuleFolder => ({
  type: 'WordWeights',
  config: {
    file: 'config.json',
    content: {
      vocab: tokens,
      word_weights: Object.fromEntries(tokens.map((token, id) => [token, weights[id]!])),
      unknown_word_weight: 1,
    },
  },
  tensors: {'emb_layer.weight': {shape: [tokens.length, 1], data: weights}},
});

const poolingConfig = (dim: number, pooling: 'mean' | 'max') => ({
  word_embedding_dimension: dim,
  pooling_mode_cls_token: false,
  pooling_mode_mean_tokens: pooling === 'mean',
  pooling_mode_max_tokens: pooling === 'max',
  pooling_mode_mean_sqrt_len_tokens: false,
});

const dense = ({inputs, outputs, kernel, bias}: DenseLayer): ModuleFolder => ({
  type: 'Dense',
  config: {
    file: 'config.json',
    content: {
      in_features: inputs,
      out_features: outputs,
      bias: bias !== null,
      activation_function: 'torch.nn.modules.linear.Identity',
    },
  },
  tensors: {
    // torch.nn.Linear has [outputs, inputs].
    'linear.weight': {shape: [outputs, inputs], data: transposed({shape: [inputs, outputs], data: kernel})},
    ...(bias && {'linear.bias': {shape: [outputs], data: bias}}),
  },
});
