import {openUseLiteTeacher} from '../src/models/use-lite-teacher.ts';
import {embedWithStage, miniLmFolder, writeCorpus} from './embedding/minilm.ts';
import {sentenceTransformers, transformersJs} from './embedding/peers.ts';
import {rateOf, rateRow} from './embedding/rates.ts';
import type {Rate} from './embedding/rates.ts';
import {mixedSentences} from './embedding/sentences.ts';
import {embedAll, originalRate} from './embedding/use-lite.ts';
import type {Bench, BenchOptions, Row} from './harness/row.ts';
import {isSelected} from './harness/row.ts';

/** Sentence vectors: all of what the stage embed-teacher does, against what does the same elsewhere. */
export default {
  name: 'embed',
  run: async function* (options) {
    yield* useLite(options);
    for (const count of options.quick ? [500] : [5000, 50_000]) {
      for (const threads of [1, 2]) yield* miniLm(count, threads, options);
    }
  },
} satisfies Bench;

async function* useLite(options: BenchOptions): AsyncGenerator<Row> {
  const wanted = (name: string): boolean => isSelected(name, options);
  if (!wanted('tokenise, USE-lite') && !wanted('embed, USE-lite')) return;
  const texts = mixedSentences(options.quick ? 300 : 3000);
  const teacher = await openUseLiteTeacher({threads: 1});
  if (wanted('tokenise, USE-lite')) {
    const ours = await rateOf(texts.length, () => texts.forEach(text => teacher.tokenizer.encode(text)), options);
    const theirs = await originalRate('pieces', texts, options);
    yield rateRow({name: 'tokenise, USE-lite', threads: 1, peer: '@energetic-ai/embeddings', ours, theirs});
  }
  if (wanted('embed, USE-lite')) {
    const ours = await rateOf(texts.length, () => embedAll(teacher, texts), options);
    const theirs = await originalRate('vectors', texts, options);
    yield rateRow({name: 'embed, USE-lite', threads: 1, peer: '@energetic-ai (tfjs wasm)', ours, theirs});
  }
  await teacher.session.close();
}

async function* miniLm(count: number, threads: number, options: BenchOptions): AsyncGenerator<Row> {
  const cases = (['float32', 'int8'] as const)
    .map(precision => ({precision, name: `embed, MiniLM-L6 ${precision}, ${count.toLocaleString('en')} sentences`}))
    .filter(({name}) => isSelected(name, options));
  if (cases.length === 0) return;
  const texts = mixedSentences(count);
  const corpus = await writeCorpus(texts);
  const folder = miniLmFolder();
  const peers: [string, Rate][] = [
    ['sentence-transformers fp32', await sentenceTransformers(texts, {threads, precision: 'float32'}, options)],
    ['sentence-transformers bf16', await sentenceTransformers(texts, {threads, precision: 'bfloat16'}, options)],
  ];
  if (threads === 2) peers.push(['Transformers.js fp32', await transformersJs(texts, options)]);
  for (const {precision, name} of cases) {
    const ours: Rate =
      folder === null
        ? {reason: 'all-MiniLM-L6-v2 is not installed: bash bench/setup.sh embed'}
        : await rateOf(count, () => embedWithStage(corpus, folder, precision, threads), options);
    for (const [peer, theirs] of peers) yield rateRow({name, threads, peer, ours, theirs});
  }
}
