import fs from 'node:fs';
import path from 'node:path';
import type {HostTensor} from '../engine/types.ts';
import {writeSafetensors} from '../io/safetensors.ts';
import {createRandom} from '../math/random.ts';
import {parseEncoderConfig} from './encoder-config.ts';
import {encoderShapes} from './encoder-names.ts';

export interface RandomEncoderShape {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly inner: number;
  readonly positions: number;
  /** Pieces at most. */
  readonly vocabulary: number;
  readonly seed: number;
}

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
/** BERT's initializer_range. */
const spread = 0.02;

/**
 * Writes a BERT of random weights as a folder that transformers opens: config.json, vocab.txt, model.safetensors. Its pieces
 * are all letters of the texts, alone and inside of words, and the commonest words. Returns their number.
 */
export const writeRandomEncoder = (folder: string, texts: readonly string[], shape: RandomEncoderShape): number => {
  if (texts.length === 0) throw new Error('A random encoder needs texts to make its pieces of: give `texts` in `in`.');
  const pieces = piecesOf(texts, shape.vocabulary);
  const content = {
    ...{model_type: 'bert', architectures: ['BertModel'], vocab_size: pieces.length, hidden_size: shape.width},
    ...{num_hidden_layers: shape.layers, num_attention_heads: shape.heads, intermediate_size: shape.inner},
    ...{max_position_embeddings: shape.positions, type_vocab_size: 2},
  };
  const config = parseEncoderConfig(content, path.join(folder, 'config.json'));
  const random = createRandom(shape.seed);
  const tensors: Record<string, HostTensor> = {};
  for (const [name, dimensions] of encoderShapes(config, {pooler: true})) {
    const own = random.fork(name);
    const data = new Float32Array(dimensions.reduce((product, size) => product * size, 1));
    const isScale = name.endsWith('LayerNorm.weight');
    tensors[name] = {
      shape: dimensions,
      data: dimensions.length > 1 ? data.map(() => spread * own.normal()) : data.fill(isScale ? 1 : 0),
    };
  }
  fs.mkdirSync(folder, {recursive: true});
  fs.writeFileSync(path.join(folder, 'config.json'), `${JSON.stringify(content, null, 2)}\n`);
  fs.writeFileSync(path.join(folder, 'vocab.txt'), `${pieces.join('\n')}\n`);
  writeSafetensors(path.join(folder, 'model.safetensors'), tensors, {format: 'pt'});
  return pieces.length;
};

/** What BertPreTokenizer makes words of, near enough: what is missed is read letter by letter. */
const words = /\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu;

const piecesOf = (texts: readonly string[], most: number): string[] => {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [word] of text.toLowerCase().matchAll(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const letters = [...new Set([...counts.keys()].flatMap(word => [...word]))].sort();
  const common = [...counts].filter(([word]) => [...word].length > 1);
  common.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const single = [...letters, ...letters.map(letter => `##${letter}`)];
  return [...special, ...single, ...common.map(([word]) => word)].slice(
    0,
    Math.max(most, special.length + single.length),
  );
};
