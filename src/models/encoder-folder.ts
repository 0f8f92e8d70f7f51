import fs from 'node:fs';
import path from 'node:path';
import {parseEncoderConfig} from './encoder-config.ts';
import type {EncoderConfig} from './encoder-config.ts';

export type Pooling = 'mean' | 'cls';

/** What the files of a model's folder say, weights apart. */
export interface EncoderFolder {
  readonly folder: string;
  readonly config: EncoderConfig;
  /** As sentence-transformers' pooling module has it; mean where there is none. */
  readonly pooling: Pooling;
  /** Whether the model's vectors have length 1. */
  readonly normalize: boolean;
  /** Most pieces of a text, special ones included. */
  readonly maxPieces: number;
  /** Put before each text, from config_sentence_transformers.json's default prompt; mostly nothing. */
  readonly prefix: string;
}

/** Reads config.json and, where there are any, the modules of sentence-transformers. */
export const readEncoderFolder = (folder: string): EncoderFolder => {
  if (!fs.statSync(folder, {throwIfNoEntry: false})?.isDirectory()) {
    throw new Error(
      `The teacher's folder ${folder} does not exist. Give a folder with config.json, model.safetensors and tokenizer.json.`,
    );
  }
  const modules = readModules(folder);
  const base = path.join(folder, modules.transformer);
  const file = path.join(base, 'config.json');
  const content = readJson(file);
  if (content === null) throw new Error(`${base} has no config.json; it is not the folder of a model.`);
  const config = parseEncoderConfig(content, file);
  const {max_seq_length: limit} = (readJson(path.join(base, 'sentence_bert_config.json')) ?? {}) as Record<
    string,
    unknown
  >;
  return {
    folder: base,
    config,
    pooling: modules.pooling,
    normalize: modules.normalize,
    maxPieces: typeof limit === 'number' ? Math.min(limit, config.positions) : config.positions,
    prefix: defaultPrompt(folder),
  };
};

/** The content of a JSON file, null where there is none. */
export const readJson = (file: string): unknown => {
  if (!fs.existsSync(file)) return null;
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON (${(error as Error).message}). Download or copy it again.`);
  }
};

interface Modules {
  /** Folder of the encoder, relative to the model's. */
  readonly transformer: string;
  readonly pooling: Pooling;
  readonly normalize: boolean;
}

const readModules = (folder: string): Modules => {
  const file = path.join(folder, 'modules.json');
  const content = readJson(file);
  if (content === null) return {transformer: '', pooling: 'mean', normalize: false};
  const modules = (content as {readonly type?: string; readonly path?: string}[]).map(({type = '', path: at = ''}) => ({
    // sentence_transformers.models.Pooling, since version 5 also sentence_transformers.sentence_transformer.modules.pooling.Pooling
    kind: type.split('.').at(-1),
    path: at,
  }));
  const known = ['Transformer', 'Pooling', 'Normalize'];
  const other = modules.filter(({kind}) => !known.includes(kind ?? ''));
  if (other.length > 0) {
    throw new Error(
      `${file} has the module ${other.map(({kind}) => kind).join(', ')}; only ${known.join(', ')} can be run here. ` +
        'Without modules.json the encoder itself can be used, pooled by the mean.',
    );
  }
  const find = (kind: string): string | undefined => modules.find(module => module.kind === kind)?.path;
  const pooling = find('Pooling');
  return {
    transformer: find('Transformer') ?? '',
    pooling: pooling === undefined ? 'mean' : readPooling(path.join(folder, pooling, 'config.json')),
    normalize: find('Normalize') !== undefined,
  };
};

const readPooling = (file: string): Pooling => {
  const content = (readJson(file) ?? {}) as Record<string, unknown>;
  const modes = Object.keys(content)
    .filter(key => key.startsWith('pooling_mode_') && content[key] === true)
    .map(key => key.slice('pooling_mode_'.length));
  // Newer files have one name instead of a flag for each.
  const mode = typeof content['pooling_mode'] === 'string' ? content['pooling_mode'] : modes.join(' + ');
  if (mode === 'mean' || mode === 'mean_tokens') return 'mean';
  if (mode === 'cls' || mode === 'cls_token') return 'cls';
  throw new Error(`${file} asks for the pooling "${mode}"; expected mean_tokens or cls_token.`);
};

const defaultPrompt = (folder: string): string => {
  const content = (readJson(path.join(folder, 'config_sentence_transformers.json')) ?? {}) as {
    readonly prompts?: Record<string, string>;
    readonly default_prompt_name?: string | null;
  };
  return content.prompts?.[content.default_prompt_name ?? ''] ?? '';
};
