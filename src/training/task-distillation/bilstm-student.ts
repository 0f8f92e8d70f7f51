import fs from 'node:fs';
import path from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import {split} from '@tensorflow/tfjs-core';
import type {Parameters} from '../../engine/types.ts';
import {writeSafetensors} from '../../io/safetensors.ts';
import type {Random} from '../../math/random.ts';
import {bilstmSentence, initBilstm} from '../../models/bilstm.ts';
import {headOutput, initHead, pairFeatures} from '../../models/head.ts';
import {sentenceBatch} from '../../models/sentence-batch.ts';
import type {WeightedIds} from '../../models/sentence-batch.ts';
import type {Task} from '../../tasks/task.ts';
import type {PieceTokenizer} from '../../text/tokenizer.ts';
import type {TaskStudent} from './student.ts';

export interface BilstmShape {
  readonly embedding: number;
  readonly hidden: number;
  readonly width: number;
  readonly pooling: 'mean' | 'max' | 'last';
  readonly headHidden: number;
  readonly dropout: number;
}

export interface BilstmStudentOptions {
  readonly shape: BilstmShape;
  readonly tokenizer: PieceTokenizer;
  readonly vocabulary: number;
  readonly maxTokens: number;
  readonly task: Task;
  readonly random: Random;
  /** Folder whose tokeniser the student's folder takes over. */
  readonly from: string;
}

/** config.json of a folder that `bilstmStudent` saved. */
export interface BilstmConfig extends BilstmShape {
  readonly model: 'bilstm-task';
  readonly task: string;
  readonly vocabulary: number;
  readonly maxTokens: number;
}

const tokenizerFiles = ['tokenizer.json', 'vocab.txt', 'tokenizer_config.json', 'special_tokens_map.json'];
const nothing: WeightedIds = {ids: new Int32Array(0), weights: new Float32Array(0)};

/**
 * Tang et al.'s student: a BiLSTM over the teacher's pieces and a head with one hidden layer; pairs are read one by one and
 * compared as [u, v, |u − v|, u·v]. What `state(1)` gives is that comparison, or the sentence's vector: all it has of layers.
 */
export const bilstmStudent = (options: BilstmStudentOptions): TaskStudent => {
  const {shape, tokenizer, vocabulary, maxTokens, task, random} = options;
  const texts = task.shape === 'pair' ? 2 : 1;
  const outputs = task.kind === 'classification' ? task.labels.length : 1;
  const {width} = shape;
  const read = (text: string): WeightedIds => {
    const ids = tokenizer.encode(text, maxTokens);
    return {ids, weights: new Float32Array(ids.length).fill(1 / ids.length)};
  };
  return {
    facts: {model: 'bilstm', layers: 1, width: texts === 1 ? width : 4 * width, heads: 0},
    table: 'embedding',
    batchAxis: 2,
    initial: {
      ...initBilstm({...shape, vocabulary}, random.fork('initial parameters')),
      ...initHead({texts, width, hidden: shape.headHidden, outputs}, random.fork('head')),
    },
    maxTokens,
    prepare: examples => {
      const encoded = examples.map(({text1, text2}) => [read(text1), ...(text2 === null ? [] : [read(text2)])]);
      return {
        lengths: encoded.map(example => Math.max(...example.map(({ids}) => ids.length))),
        batch: (members, {rows, tokens}) => {
          // All first texts, then all second ones, go through the network at once.
          const side = (at: number): WeightedIds[] =>
            Array.from({length: rows}, (_, row) => encoded[members[row] ?? -1]?.[at] ?? nothing);
          const all = texts === 1 ? side(0) : [...side(0), ...side(1)];
          const {ids, weights, mask} = sentenceBatch(all, {rows: all.length, tokens});
          return {ids, weights, mask};
        },
      };
    },
    forward: (p, batch, ctx) => {
      const vectors = bilstmSentence(p, batch, ctx, shape);
      const sides: tf.Tensor2D[] = texts === 1 ? [vectors] : split(vectors, 2, 0);
      return {
        logits: headOutput(p, sides, ctx, {dropout: shape.dropout}),
        state: () => pairFeatures(sides) as tf.Tensor2D,
        tokens: () => unavailable('states of tokens'),
        scores: () => unavailable('attention'),
      };
    },
    save: (folder, parameters: Parameters) => {
      fs.mkdirSync(folder, {recursive: true});
      const config: BilstmConfig = {...shape, model: 'bilstm-task', task: task.name, vocabulary, maxTokens};
      fs.writeFileSync(path.join(folder, 'config.json'), `${JSON.stringify(config, null, 1)}\n`);
      for (const name of tokenizerFiles) {
        const file = path.join(options.from, name);
        if (fs.existsSync(file)) fs.copyFileSync(file, path.join(folder, name));
      }
      writeSafetensors(path.join(folder, 'model.safetensors'), parameters, {format: 'pt'});
    },
  };
};

const unavailable = (what: string): never => {
  throw new Error(`Internal error: a BiLSTM has no ${what}; its method should have been refused.`);
};
