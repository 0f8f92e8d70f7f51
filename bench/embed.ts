import {openUseLiteTeacher} from '../src/models/use-lite-teacher.ts';
import {meanCosine, miniLmFolder, openStage, writeCorpus} from './embedding/minilm.ts';
import {sentenceTransformers, transformersJs} from './embedding/peers.ts';
import {rateOf, rateRow} from './embedding/rates.ts';
import type {Rate} from './embedding/rates.ts';
import {mixedSentences} from './embedding/sentences.ts';
import {embedAll, originalRate} from './embedding/use-lite.ts';
import type {Bench, BenchOptions, Row} from './harness/row.ts';
import {higherIsBetter, isSelected} from './harness/row.ts';

const quickCases = [
  {count: 1500, threads: 1},
  {count: 5000, threads: 2},
];

/** Sentence vectors: all of what the stage embed-teacher does, against what does the same elsewhere. */
export default {
  name: 'embed',
  run: async function* (options) {
    yield* useLite(options);
    const cases = options.quick
      ? quickCases
      : [5000, 50_000].flatMap(count => [1, 2].map(threads => ({count, threads})));
    for (const {count, threads} of cases) yield* miniLm(count, threads, options);
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
  const files: string[] = [];
  for (const {precision, name} of cases) {
    const stage = folder === null ? null : await openStage(corpus, {folder, precision, threads});
    const reason = 'all-MiniLM-L6-v2 is not installed: bash bench/setup.sh embed';
    const ours: Rate = stage ? await rateOf(count, () => stage.run(), options) : {reason};
    await stage?.close();
    if (stage) files.push(stage.vectors);
    for (const [peer, theirs] of peers) yield rateRow({name, threads, peer, ours, theirs});
  }
  if (files.length < 2) return;
  yield higherIsBetter({
    ...{
      bench: 'embed',
      case: `cosine of int8 to float32, ${count.toLocaleString('en')} sentences`,
      threads,
      unit: 'mean',
    },
    ...{ours: meanCosine(files[0]!, files[1]!), peer: 'least that is allowed', theirs: 0.993, runs: 1},
  });
}
