import fs from 'node:fs';
import path from 'node:path';
import {encodeModel} from '../io/onnx.ts';
import {lengthBuckets} from '../math/length-buckets.ts';
import {openTokenizer} from '../text/open-tokenizer.ts';
import {readEncoderFolder} from './encoder-folder.ts';
import {encoderGraph} from './encoder-graph.ts';
import {clsWeights} from './encoder-pooling.ts';
import {openEncoderSession} from './encoder-session.ts';
import {readEncoderWeights} from './encoder-weights.ts';

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
}

/** Opens a fine-tuned BERT with a head on the pooled first token (BertForSequenceClassification). No dropout. */
export const openLabelTeacher = async (options: LabelTeacherOptions): Promise<LabelTeacher> => {
  const {folder, config, maxPieces} = readEncoderFolder(options.folder);
  const {parameters, parts} = readEncoderWeights(folder, config, 'all');
  const {labels} = parts;
  if (labels === undefined || parts.pooler !== true)
    throw new Error(`${folder} has no head for labels (classifier and pooler); fine-tune it as a BertForSequenceClassification first.`); // prettier-ignore
  const tokenizer = openTokenizer(folder, config.vocabulary);
  const pairs = config.tokenTypes > 1;
  const graph = encoderGraph({config, parameters, normalize: false, labels, pairs});
  const session = await openEncoderSession({model: encodeModel(graph), threads: options.threads});
  return {
    ...{labels, names: labelNames(folder, labels)},
    close: () => session.close(),
    logits: async (texts, onBatch) => {
      const result = new Float32Array(texts.length * labels);
      const pieces = texts.map(([first, second]) => {
        if (second !== null) return tokenizer.encodePair(first, second, maxPieces);
        const ids = tokenizer.encode(first, maxPieces);
        return {ids, types: new Int32Array(ids.length)};
      });
      const lengths = Int32Array.from(pieces, ({ids}) => ids.length);
      let done = 0;
      for (const rows of lengthBuckets(lengths, {budget: options.budget, rows: 256})) {
        const own = Array.from(rows, row => pieces[row]!);
        const ids = own.map(piece => piece.ids);
        const weights = ids.map(of => clsWeights('', {ids: of, starts: of, ends: of, normalized: ''}));
        const found = (await session.run({ids, weights, types: own.map(piece => piece.types)}))['logits']!;
        rows.forEach((row, at) => result.set(found.subarray(at * labels, (at + 1) * labels), row * labels));
        onBatch((done += rows.length));
      }
      return result;
    },
  };
};

const labelNames = (folder: string, labels: number): readonly string[] | null => {
  const content = JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8')) as {
    readonly id2label?: Readonly<Record<string, string>>;
  };
  const names = Array.from({length: labels}, (_, at) => content.id2label?.[at]);
  return names.every(name => name !== undefined && !/^LABEL_\d+$/.test(name)) ? (names as string[]) : null;
};
