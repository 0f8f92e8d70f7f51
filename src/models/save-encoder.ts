import fs from 'node:fs';
import path from 'node:path';
import type {Parameters} from '../engine/types.ts';
import {writeSafetensors} from '../io/safetensors.ts';
import {checkpointName} from './encoder-names.ts';
import type {EncoderParts} from './encoder-names.ts';

/** What makes a model's folder beside its weights, copied as it is. */
const companions = ['tokenizer.json', 'vocab.txt', 'tokenizer_config.json', 'special_tokens_map.json', 'modules.json', 'sentence_bert_config.json', 'config_sentence_transformers.json']; // prettier-ignore

export interface SavedEncoder {
  readonly parameters: Parameters;
  readonly parts: EncoderParts;
  /** Folder whose config.json and tokeniser are taken over. */
  readonly from: string;
  /** Entries of config.json that differ: sizes of another shape, names of labels. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/**
 * Writes an encoder as transformers' `from_pretrained` opens it: config.json of the folder it came from, with the class that
 * its heads belong to, and model.safetensors. Tied copies are left out, as transformers leaves them out.
 */
export const saveEncoder = (folder: string, {parameters, parts, from, changes = {}}: SavedEncoder): void => {
  fs.mkdirSync(folder, {recursive: true});
  const config = JSON.parse(fs.readFileSync(path.join(from, 'config.json'), 'utf8')) as Record<string, unknown>;
  const architecture =
    parts.labels !== undefined ? 'BertForSequenceClassification' : parts.mlm ? 'BertForMaskedLM' : 'BertModel';
  const labels =
    parts.labels === undefined || sizeOf(config['id2label']) === parts.labels ? {} : numbered(parts.labels);
  fs.writeFileSync(
    path.join(folder, 'config.json'),
    `${JSON.stringify({...config, ...labels, ...changes, architectures: [architecture]}, null, 2)}\n`,
  );
  // What modules.json names lies in folders such as 1_Pooling.
  const modules = fs.readdirSync(from).filter(name => /^\d+_\w+$/.test(name)).map(name => path.join(name, 'config.json')); // prettier-ignore
  for (const name of [...companions, ...modules]) {
    const file = path.join(from, name);
    if (!fs.existsSync(file)) continue;
    fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    fs.copyFileSync(file, path.join(folder, name));
  }
  const tensors = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [checkpointName(name, parts), tensor]),
  );
  writeSafetensors(path.join(folder, 'model.safetensors'), tensors, {format: 'pt'});
};

const sizeOf = (record: unknown): number =>
  typeof record === 'object' && record !== null ? Object.keys(record).length : 2;

const numbered = (labels: number): Record<string, unknown> => {
  const names = Array.from({length: labels}, (_, at) => `LABEL_${at}`);
  return {
    id2label: Object.fromEntries(names.map((name, at) => [at, name])),
    label2id: Object.fromEntries(names.map((name, at) => [name, at])),
  };
};
