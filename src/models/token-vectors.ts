import {writeFileSync} from 'node:fs';
import {openArrowWriter} from '../io/arrow.ts';
import {readTokenizerJson} from '../text/open-tokenizer.ts';
import {encoderPlace} from './encoder-place.ts';
import {readEncoderFolder} from './encoder-folder.ts';
import {openEncoderTeacher} from './encoder-teacher.ts';
import {readWordIdf} from './read-word-idf.ts';
import {studentVocabulary} from './student-tokens.ts';
import {pieceInputs} from './token-texts.ts';

export interface TokenVectorsOptions {
  /** A model of the hub (`owner/name@COMMIT`), or `folder`. */
  readonly model: string;
  /** The input `model`, with `folder`. */
  readonly modelFolder: string | null;
  readonly unit: 'teacher-piece' | 'word' | 'character';
  readonly vocabulary: number;
  /** idf.arrow, of which the words or characters are taken. */
  readonly idf: string | null;
  readonly prefix?: string | undefined;
  readonly out: string;
  readonly tokenizerOut: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number, unit: string) => void;
}

const rows = 256;

/** Writes the mean of an encoder's states for each token by itself: columns token, vector. Also its tokenizer.json. */
export const writeTokenVectors = async (options: TokenVectorsOptions): Promise<void> => {
  const {folder, notes} = await encoderPlace(options);
  const teacher = await openEncoderTeacher({
    ...{folder, threads: options.threads},
    ...(options.prefix !== undefined && {prefix: options.prefix}),
  });
  const {tokenizer, prefix, width} = teacher;
  const inputs = await (async () => {
    if (options.unit === 'teacher-piece') return pieceInputs(tokenizer, prefix);
    const {tokens} = await studentVocabulary(readWordIdf(options.idf!), {unit: options.unit, vocabulary: options.vocabulary}); // prettier-ignore
    return tokens.map(token => ({token, ids: tokenizer.encode(prefix + token, teacher.maxPieces)}));
  })();
  // Those of one length run together.
  inputs.sort((a, b) => a.ids.length - b.ids.length);
  const writer = openArrowWriter(
    options.out,
    {token: 'utf8', vector: {float32: width}},
    {metadata: {...notes, unit: options.unit, ...(prefix !== '' && {prefix})}},
  );
  for (let start = 0; start < inputs.length; start += rows) {
    options.signal.throwIfAborted();
    const batch = inputs.slice(start, start + rows);
    const vector = await teacher.session.embed({
      ids: batch.map(({ids}) => ids),
      weights: batch.map(({ids}) => new Float32Array(ids.length).fill(1 / ids.length)),
    });
    await writer.append({token: batch.map(({token}) => token), vector});
    options.progress(start + batch.length, inputs.length, 'token');
  }
  await writer.close();
  await teacher.session.close();
  writeFileSync(options.tokenizerOut, JSON.stringify(readTokenizerJson(readEncoderFolder(folder).folder)));
};
