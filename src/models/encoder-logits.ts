import fs from 'node:fs';
import path from 'node:path';
import type {Parameters} from '../engine/types.ts';
import {openTokenizer} from '../text/open-tokenizer.ts';
import {readEncoderFolder} from './encoder-folder.ts';
import {readEncoderWeights} from './encoder-weights.ts';
import {openLabelSession} from './label-session.ts';
import {readTaskHeads} from './task-heads-file.ts';

export interface LabelTeacher {
  /** Names of the outputs as config.json has them; null where it has none, or numbered ones (`LABEL_0`). */
  readonly names: readonly string[] | null;
  /** Outputs of the head. */
  readonly labels: number;
  /** Logits end to end, in the order of the texts: [text, label]. The second text is null for a text by itself. */
  logits(texts: readonly (readonly [string, string | null])[], onBatch: (done: number) => void): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface LabelTeacherOptions {
  readonly folder: string;
  readonly threads: number;
  /** Pieces in one run, padding included. */
  readonly budget: number;
  /** Whose head, of a model that was trained on several tasks. */
  readonly task?: string;
  /** Longer texts lose their end; by default the model's own limit. */
  readonly maxPieces?: number;
}

/**
 * Opens a fine-tuned BERT with a head on the pooled first token: BertForSequenceClassification, or a multi-task model with
 * the head of `task`. No dropout; a score's sigmoid, if it was learnt with one, is applied.
 */
export const openLabelTeacher = async (options: LabelTeacherOptions): Promise<LabelTeacher> => {
  const {folder, config, maxPieces: most} = readEncoderFolder(options.folder);
  const maxPieces = Math.min(options.maxPieces ?? most, most);
  const {parameters, labels, names, sigmoid} = readHead(options, folder);
  const tokenizer = openTokenizer(folder, config.vocabulary);
  const session = await openLabelSession({...options, config, parameters, labels});
  return {
    labels,
    names,
    close: () => session.close(),
    logits: async (texts, onBatch) => {
      const pieces = texts.map(([first, second]) => {
        if (second !== null) return tokenizer.encodePair(first, second, maxPieces);
        const ids = tokenizer.encode(first, maxPieces);
        return {ids, types: new Int32Array(ids.length)};
      });
      const logits = await session.logits(pieces, onBatch);
      return sigmoid ? logits.map(value => 1 / (1 + Math.exp(-value))) : logits;
    },
  };
};

interface Head {
  readonly parameters: Parameters;
  readonly labels: number;
  readonly names: readonly string[] | null;
  readonly sigmoid: boolean;
}

const readHead = ({task}: LabelTeacherOptions, folder: string): Head => {
  const {config} = readEncoderFolder(folder);
  const heads = readTaskHeads(folder);
  if (heads) {
    const head = heads[task ?? ''];
    if (!head) throw new Error(`${folder} has no head for the task "${task ?? ''}"; it was trained on ${Object.keys(heads).join(', ')}.`); // prettier-ignore
    const {parameters} = readEncoderWeights(folder, config, {pooler: true});
    return {
      parameters: {...parameters, 'classifier.weight': head.weight, 'classifier.bias': head.bias},
      labels: head.bias.shape[0]!,
      names: head.labels,
      sigmoid: head.sigmoid,
    };
  }
  const {parameters, parts} = readEncoderWeights(folder, config, 'all');
  const {labels} = parts;
  if (labels === undefined || parts.pooler !== true)
    throw new Error(`${folder} has no head for labels (classifier and pooler); fine-tune it as a BertForSequenceClassification first.`); // prettier-ignore
  return {parameters, labels, names: labelNames(folder, labels), sigmoid: false};
};

const labelNames = (folder: string, labels: number): readonly string[] | null => {
  const content = JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8')) as {
    readonly id2label?: Readonly<Record<string, string>>;
  };
  const names = Array.from({length: labels}, (_, at) => content.id2label?.[at]);
  return names.every(name => name !== undefined && !/^LABEL_\d+$/.test(name)) ? (names as string[]) : null;
};
