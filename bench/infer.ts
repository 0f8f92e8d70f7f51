import {openEngine} from '../src/engine/engine.ts';
import {createRandom} from '../src/math/random.ts';
import {lengthBuckets} from '../src/math/length-buckets.ts';
import {documentFrequencies, smoothedIdf} from '../src/math/idf.ts';
import {initBilstm} from '../src/models/bilstm.ts';
import {openStudentEncoder} from '../src/models/student-encoder.ts';
import {openTextEncoder, studentVocabulary} from '../src/models/student-tokens.ts';
import {openUseLiteTeacher} from '../src/models/use-lite-teacher.ts';
import {englishWords} from '../src/text/words.ts';
import type {Bench} from './harness/row.ts';
import {higherIsBetter, isSelected} from './harness/row.ts';
import {benchSentences} from './harness/sentences.ts';
import {timeRuns} from './harness/timing.ts';

/** The default experiment's student: what it computes does not depend on what it has learnt. */
const shape = {
  unit: 'word',
  pooling: 'idf',
  smoothing: 0.1,
  maxTokens: 40,
  vocabulary: 20_000,
  language: 'en',
} as const;
const size = {embedding: 100, hidden: 100, width: 512};

/** Sentences a second of the student (ours) and of its teacher, from text to vector: what distillation buys. */
export default {
  name: 'infer',
  run: async function* (options) {
    const texts = benchSentences(options.quick ? 500 : 5000);
    for (const batch of [1, 128]) {
      const name = `student (BiLSTM 2x100) against teacher (USE-lite), ${batch} at a time`;
      if (!isSelected(name, options)) continue;
      const some = batch === 1 ? texts.slice(0, texts.length / 10) : texts;
      const limits = {runs: options.quick ? 3 : 5, budget: options.quick ? 10 : 60};
      const student = await openStudent(texts, batch);
      await student.encode(some);
      const ours = await timeRuns(() => student.encode(some), limits);
      await student.close();
      const teacher = await openTeacher(batch);
      await teacher.encode(some);
      const theirs = await timeRuns(() => teacher.encode(some), limits);
      await teacher.close();
      yield higherIsBetter({
        bench: 'infer',
        case: name,
        threads: 1,
        unit: 'texts/s',
        ours: Number((some.length / ours.median).toPrecision(4)),
        peer: 'USE-lite on onnxruntime',
        theirs: Number((some.length / theirs.median).toPrecision(4)),
        runs: Math.min(ours.runs, theirs.runs),
      });
    }
  },
} satisfies Bench;

interface Encoder {
  encode(texts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const openStudent = async (corpus: readonly string[], batch: number): Promise<Encoder> => {
  const {documents, frequencies} = documentFrequencies(corpus.map(englishWords));
  const counts = [...frequencies.values()];
  const idf = {
    documents,
    words: [...frequencies.keys()],
    documentFrequency: counts,
    idf: counts.map(count => smoothedIdf(documents, count)),
  };
  const vocabulary = await studentVocabulary(idf, shape);
  const encodeText = await openTextEncoder(shape, vocabulary, idf);
  const engine = await openEngine({backend: 'jit', threads: 1});
  const rows = Math.max(shape.vocabulary, vocabulary.size);
  const parameters = initBilstm({...size, vocabulary: rows}, createRandom('bench'));
  const encoder = openStudentEncoder({engine, parameters, pooling: shape.pooling, width: size.width, rows: batch});
  return {
    encode: async texts => {
      if (batch === 1) for (const text of texts) await encoder.encode([encodeText(text)]);
      else await encoder.encode(texts.map(encodeText));
    },
    close: () => encoder.close(),
  };
};

const openTeacher = async (batch: number): Promise<Encoder> => {
  const teacher = await openUseLiteTeacher({threads: 1});
  return {
    encode: async texts => {
      const lengths = texts.map(text => text.length);
      // One at a time comes in any order; many at a time are sorted by length, as the student's are.
      const batches =
        batch === 1 ? texts.map((_, row) => [row]) : lengthBuckets(lengths, {budget: Infinity, rows: batch});
      for (const rows of batches) await teacher.embed(Array.from(rows, row => texts[row]!));
    },
    close: () => teacher.session.close(),
  };
};
