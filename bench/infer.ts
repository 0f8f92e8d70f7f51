import {availableParallelism} from 'node:os';
import {spreadByLength} from '../src/evaluation/sentences-per-second.ts';
import {createTokenizer} from '../src/text/tokenizer.ts';
import {bertBaseModel, openBertBase} from '../src/evaluation/bert-base.ts';
import {benchStudents, makeStudent, openBenchStudent} from './inference/students.ts';
import {benchTokenizer, inferenceTexts, wordIdfOf} from './inference/texts.ts';
import {inPython, pythonPeers} from './inference/python-peers.ts';
import type {PythonPeer, PythonRate} from './inference/python-peers.ts';
import type {TimedModel} from './inference/timed-model.ts';
import type {Bench, BenchOptions} from './harness/row.ts';
import {higherIsBetter, isSelected, lowerIsBetter} from './harness/row.ts';
import {median, secondsOf} from './harness/timing.ts';

/** Bytes of BERT-base's published weights: 110 million numbers of 32 bits. */
const bertBaseBytes = 440e6;
const bertBase = 'BERT-base’s shape (12 × 768), same onnxruntime';
const precisions = ['float32', 'int8', 'int4'] as const;
const batches = [1, 32];

/**
 * Sentences a second from text to vector of small students (ours) and of BERT-base's shape, on the same texts, runtime and
 * threads, cutting texts into pieces included; of PyTorch and Model2Vec beside them; cutting by itself; and bytes on disk.
 */
export default {
  name: 'infer',
  run: async function* (options) {
    const texts = inferenceTexts(options.quick ? 1000 : 4000);
    const {json, name} = benchTokenizer(texts);
    const tokenizer = createTokenizer(json);
    const tokens = texts.reduce((sum, text) => sum + tokenizer.encode(text).length, 0) / texts.length;
    const idf = wordIdfOf(texts);
    const cores = availableParallelism();
    let model: Uint8Array | null = null;
    const python: PythonRate[] = [];
    for (const threads of [1, 2, 4].filter(count => count <= cores)) {
      const rateOf = new Map<string, number>();
      for (const rows of batches) {
        const cases = Object.keys(benchStudents).flatMap(student =>
          precisions.map(precision => ({student, precision, title: `${student} ${precision}, batch ${rows}`})),
        );
        const chosen = cases.filter(({title}) => isSelected(title, options));
        if (chosen.length === 0) continue;
        const bert = await openBertBase((model ??= bertBaseModel()), tokenizer, {threads, rows});
        for (const {student, precision, title} of chosen) {
          const made = await makeStudent(benchStudents[student]!, idf, tokenizer);
          const ours = await openBenchStudent(made, {precision, threads, rows});
          const rates = await compare(ours, bert, texts, {...options, rows});
          await ours.close();
          rateOf.set(title, rates.ours);
          yield higherIsBetter({
            ...{bench: 'infer', case: `${title}, ${tokens.toFixed(1)} tokens`, threads, unit: 'texts/s'},
            ...{ours: rates.ours, peer: bertBase, theirs: rates.theirs, runs: rates.runs},
          });
        }
        await bert.close();
      }
      const few = Object.fromEntries(batches.map(rows => [rows, fewTexts(texts, rows, options)]));
      const peers = (Object.keys(pythonPeers) as PythonPeer[]).filter(peer =>
        batches.some(rows => rateOf.has(besideTitle(peer, rows))),
      );
      const settings = {peers, batches, threads, runs: options.quick ? 2 : 5, texts, few, tokenizer: json};
      for (const found of await inPython(settings)) {
        const title = besideTitle(found.peer, found.batch);
        if (!rateOf.has(title)) continue;
        python.push(found);
        const known = 'rate' in found;
        yield higherIsBetter({
          ...{bench: 'infer', case: `${title}, beside Python`, threads, unit: 'texts/s', ours: rateOf.get(title)!},
          peer: `${known ? `${found.name}, ` : ''}${pythonPeers[found.peer]}`,
          ...{theirs: known ? Number(found.rate.toPrecision(4)) : null, runs: known ? found.runs : 0},
          ...(known ? {} : {reason: found.reason}),
        });
      }
    }
    for (const student of Object.keys(benchStudents)) {
      const made = await makeStudent(benchStudents[student]!, idf, tokenizer);
      for (const precision of precisions) {
        const ours = await openBenchStudent(made, {precision, threads: 1, rows: 32});
        const reading = `${student} ${precision}, cutting into pieces alone (${name})`;
        if (isSelected(reading, options)) {
          ours.read(texts);
          const seconds: number[] = [];
          for (let run = 0; run < 5; run++) seconds.push(await secondsOf(() => ours.read(texts)));
          const slow: number[] = [];
          for (let run = 0; run < 3; run++) slow.push(await secondsOf(() => texts.map(text => tokenizer.encode(text))));
          yield higherIsBetter({
            ...{bench: 'infer', case: reading, threads: 1, unit: 'texts/s', peer: 'the tokenizer alone'},
            ...{ours: rate(texts.length, seconds), theirs: rate(texts.length, slow), runs: 5},
          });
        }
        const size = `${student} ${precision}, size`;
        if (isSelected(size, options)) {
          yield lowerIsBetter({
            ...{bench: 'infer', case: size, unit: 'MB', ours: ours.bytes / 1e6, peer: 'BERT-base float32'},
            ...{theirs: bertBaseBytes / 1e6, runs: 1},
          });
          const beside = python.find(found => student.startsWith('static') && found.peer === 'model2vec');
          if (beside && 'bytes' in beside)
            yield lowerIsBetter({
              ...{bench: 'infer', case: size, unit: 'MB', ours: ours.bytes / 1e6, peer: `${beside.name} float32`},
              ...{theirs: beside.bytes / 1e6, runs: 1},
            });
        }
        await ours.close();
      }
    }
  },
} satisfies Bench;

const rate = (texts: number, seconds: readonly number[]): number => Number((texts / median(seconds)).toPrecision(4));

/** Which of our cases a peer stands beside. */
const besideTitle = (peer: PythonPeer, rows: number): string =>
  `${peer === 'model2vec' ? 'static 256' : 'BiLSTM 128→2×192'} float32, batch ${rows}`;

/** What a slow model reads. */
const fewTexts = (texts: readonly string[], rows: number, {quick}: BenchOptions): string[] =>
  spreadByLength(texts, rows, rows === 1 ? (quick ? 32 : 64) : quick ? 3 : 5);

/** Threads of a model that has just answered spin for a while and would take a core from the next one. */
const rest = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 300));

/** In turns, so that a machine that grows busy is busy for both. BERT-base reads a part of the texts. */
const compare = async (
  ours: TimedModel,
  theirs: TimedModel,
  texts: readonly string[],
  options: BenchOptions & {readonly rows: number},
): Promise<{ours: number; theirs: number; runs: number}> => {
  const {quick, rows} = options;
  const runs = quick ? 3 : 5;
  const many = rows === 1 ? spreadByLength(texts, 1, Math.ceil(texts.length / 4)) : texts;
  const few = fewTexts(texts, rows, options);
  // The first pass fills caches and lets the runtime plan its memory.
  await ours.embed(many);
  await theirs.embed(few);
  const seconds = {ours: [] as number[], theirs: [] as number[]};
  for (let run = 0; run < runs; run++) {
    await rest();
    seconds.ours.push(await secondsOf(() => ours.embed(many)));
    await rest();
    seconds.theirs.push(await secondsOf(() => theirs.embed(few)));
  }
  return {ours: rate(many.length, seconds.ours), theirs: rate(few.length, seconds.theirs), runs};
};
