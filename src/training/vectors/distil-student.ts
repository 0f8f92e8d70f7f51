import fs from 'node:fs';
import {openEngine} from '../../engine/engine.ts';
import {createRandom} from '../../math/random.ts';
import type {StudentShape} from '../../models/student-config.ts';
import {writeStudent} from '../../models/student-folder.ts';
import {distil} from './distil.ts';
import type {DistilOptions} from './distil.ts';
import {epochMembers} from './epoch-members.ts';
import {openHeldOut} from './held-out.ts';
import {initialEmbeddings} from './initial-embeddings.ts';
import type {InitialEmbeddingsOptions} from './initial-embeddings.ts';
import {nearGroups} from './near-groups.ts';
import {openNewStudent} from './new-student.ts';
import {openStartStudent} from './start-student.ts';
import {studentPieces} from './student-pieces.ts';
import {openTaughtCorpus} from './taught-corpus.ts';

/** What a distillation reads and writes, and its settings; the stage train-student's params are described there. */
export interface StudentDistillation
  extends
    Pick<DistilOptions, 'terms' | 'epochs' | 'steps' | 'batch' | 'learningRate' | 'warmupSteps' | 'clipNorm'>,
    Pick<DistilOptions, 'beta2' | 'checkpointSteps' | 'seed' | 'signal'>,
    Pick<InitialEmbeddingsOptions, 'embeddings' | 'embeddingScale' | 'tokensFile'> {
  /** The method's name, for the report. */
  readonly arm: string;
  readonly student: StudentShape;
  readonly language: 'en' | 'zh';
  readonly idfFile: string;
  readonly tokenizerFile: string | null;
  /** A student's folder, whose learning goes on; null for one that has learnt nothing yet. */
  readonly startFolder: string | null;
  /** Each corpus, and in the same order its vectors. */
  readonly sentences: readonly string[];
  readonly vectors: readonly string[];
  /** Vectors of single tokens of some sentences. */
  readonly piecesFile: string | null;
  readonly heldOut: number;
  readonly limit?: number | undefined;
  readonly repeat: Readonly<Record<string, number>>;
  readonly nearGroups?: number | undefined;
  readonly threads: number;
  readonly scratch: string;
  readonly out: {readonly student: string; readonly metrics: string};
  log(message: string): void;
  progress(update: {done: number; total: number; unit: string; loss?: number}): void;
}

/** Reads, trains, measures on held-out sentences and writes the student. */
export const distilStudent = async (job: StudentDistillation): Promise<void> => {
  const start = job.startFolder === null ? null : await openStartStudent(job.startFolder, job);
  const reader = start ?? (await openNewStudent(job));
  const {vocabulary, encodeText} = reader;
  if (job.sentences.length !== job.vectors.length)
    throw new Error(
      `Each corpus needs its vectors: found ${job.sentences.length} files of sentences and ${job.vectors.length} of vectors.`,
    );
  const corpus = openTaughtCorpus({
    corpora: job.sentences.map((sentences, at) => ({sentences, vectors: job.vectors[at]!})),
    ...{encodeText, limit: job.limit, heldOut: job.heldOut, scratch: job.scratch},
    onRead: (done, total) => {
      job.signal.throwIfAborted();
      job.progress({done, total, unit: 'sentence'});
    },
  });
  try {
    const {teacher} = corpus;
    const learnt = Math.min(corpus.length - job.heldOut, job.limit ?? Number.POSITIVE_INFINITY);
    if (learnt < job.batch)
      throw new Error(
        `Of ${corpus.length} sentences ${job.heldOut} are held out (heldOut): fewer than one batch of ${job.batch} is left to learn from.`,
      );
    const members = epochMembers(learnt, corpus.sourceOf, job.repeat);
    const random = createRandom(job.seed);
    const engine = await openEngine({threads: job.threads});
    const student = await reader.open(teacher.dim);
    const untrained = start?.parameters ?? student.init(random.fork('initial parameters'));
    const parameterCount = Object.values(untrained).reduce((sum, {data}) => sum + data.length, 0);
    job.log(`${engine.version}, ${learnt} sentences, ${vocabulary.size} tokens, ${parameterCount} parameters`);

    const {terms} = job;
    const pieces = studentPieces({
      ...{student, terms, learnt, dim: teacher.dim, lengthOf: corpus.lengthOf, kind: job.student.model},
      ...{corpora: job.sentences.length, file: job.piecesFile},
    });
    if (pieces) job.log(`${pieces.rows} vectors of tokens, of ${pieces.sentences} sentences`);
    const heldOut = openHeldOut(corpus, job.heldOut, {engine, student});
    const {initial, bagOfWords} = await initialEmbeddings({
      ...job,
      ...(start && {embeddings: 'random'}), // its own are kept
      ...{corpus, learnt, heldOut, vocabulary, untrained, engine, random: random.fork('embeddings')},
    });
    const before = await heldOut.matchOf(untrained);
    if (start) job.log(`held out, before: cosine ${before.heldOutCosine?.toFixed(4)}`);
    const groups = nearGroups(teacher, learnt, job.nearGroups, () => random.fork('near groups'));
    const {parameters, match, curve} = await distil({
      ...job,
      ...{engine, student, members, teacher, heldOutMatch: heldOut.matchOf, lengthOf: corpus.lengthOf},
      ...{parameters: initial, sentences: corpus, pieces, groups},
      random: random.fork('order'),
      checkpoints: job.scratch,
      onStep: ({step, loss}, total) => job.progress({done: step, total, unit: 'step', loss}),
    });
    pieces?.close();
    job.log(`held out: cosine ${match.heldOutCosine?.toFixed(4)}, similarity ${match.similaritySpearman.toFixed(4)}`);

    const metrics = {
      ...{arm: job.arm, seed: job.seed, steps: curve, final: match},
      ...(start ? {before} : {untrained: before}),
      bagOfWords,
      ...{parameters: parameterCount, sentences: learnt, epochs: job.epochs},
      ...(job.steps !== undefined && {trainedSteps: job.steps}),
      ...(pieces && {pieces: {sentences: pieces.sentences, vectors: pieces.rows}}),
    };
    fs.writeFileSync(job.out.metrics, `${JSON.stringify(metrics, null, 1)}\n`);
    writeStudent(job.out.student, {
      config: {...job.student, language: job.language, width: teacher.dim},
      ...{vocabulary, idfFile: job.idfFile, parameters},
      tokenizerFile: start ? start.tokenizerFile : job.student.unit === 'teacher-piece' ? job.tokenizerFile : null,
    });
  } finally {
    corpus.close();
  }
};
