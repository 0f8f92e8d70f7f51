import type {Engine, Parameters} from '../../engine/types.ts';
import {savedChunk} from '../../io/vector-chunks.ts';
import {createRandom} from '../../math/random.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {onePass, planBatches} from '../../models/sentence-batch.ts';
import {maskWords} from './masking.ts';
import type {MaskingOptions} from './masking.ts';
import {openWordTeacher} from './student-folder.ts';
import {topWords} from './top-words.ts';
import {wordBatch} from './word-batch.ts';

/** A place of a text whose word the teacher was asked for. */
export interface WordPlace {
  /** Of the chunk. */
  readonly text: number;
  readonly token: number;
  /** The word that stands there, and what the teacher read instead. */
  readonly piece: number;
  readonly read: number;
  readonly isHidden: boolean;
}

export interface WordChunk {
  readonly places: readonly WordPlace[];
  /** [place, top], end to end. */
  readonly words: Uint32Array;
  readonly logits: Float32Array;
  /** [place] */
  readonly rest: Float32Array;
  readonly resumed: boolean;
}

export interface RecordOptions {
  readonly engine: Engine;
  readonly parameters: Parameters;
  readonly config: EncoderConfig;
  readonly masking: MaskingOptions;
  readonly scored: 'masked' | 'tokens';
  /** Words kept of each place. */
  readonly top: number;
  readonly temperature: number;
  /** Texts in one run. */
  readonly batch: number;
  readonly seed: number;
  /** Survives a killed attempt: chunks that it finished are read there. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface WordRecorder {
  /** What the teacher says of texts, the first of which is number `start` of the corpus; each text's words are hidden by themselves. */
  record(texts: readonly Int32Array[], start: number, copy: number): Promise<WordChunk>;
  close(): Promise<void>;
}

/** Runs a teacher of words on texts with hidden words and keeps the largest logits of each place. */
export const openWordRecorder = (options: RecordOptions): WordRecorder => {
  const {config, masking, scored, top, temperature, batch: rows, signal} = options;
  const teacher = openWordTeacher(options.engine, options.parameters, config);
  const random = createRandom(options.seed);

  const record: WordRecorder['record'] = async (texts, start, copy) => {
    const masked = texts.map((ids, at) => maskWords([ids], masking, random.fork(`text-${start + at}-${copy}`)));
    const places = masked.map(({ids, places: hidden}, text) => placesOf(text, texts[text]!, ids[0]!, hidden, scored));
    const firsts = new Uint32Array(texts.length);
    for (let text = 1; text < texts.length; text++) firsts[text] = firsts[text - 1]! + places[text - 1]!.length;
    const count = places.reduce((sum, own) => sum + own.length, 0);
    // Of a place: words, logits, rest; ids below 2^24 are themselves as float32.
    const width = 2 * top + 1;
    const compute = async (): Promise<Float32Array> => {
      const data = new Float32Array(count * width);
      const lengths = texts.map(ids => ids.length);
      for (const {members, tokens} of planBatches(lengths, {rows, shapeCost: onePass})) {
        signal.throwIfAborted();
        const hidden = members.flatMap((member, text) => masked[member]!.places.map(({token}) => ({text, token})));
        const batch = wordBatch(
          members.map(member => texts[member]!),
          {ids: members.map(member => masked[member]!.ids[0]!), places: hidden},
          {rows, tokens, scored, share: masking.share, perText: true},
        );
        const logits = (await teacher.run(batch))['teacher.logits']!.data as Float32Array;
        let place = 0;
        for (const member of members) {
          for (const own of places[member]!.keys()) {
            const row = logits.subarray(place * config.vocabulary, (place + 1) * config.vocabulary);
            const found = topWords(row, top, temperature);
            const at = (firsts[member]! + own) * width;
            data.set(found.words, at);
            data.set(found.logits, at + top);
            data[at + 2 * top] = found.rest;
            place++;
          }
        }
      }
      return data;
    };
    const name = `${copy}-${start}-${start + texts.length}x${width}`;
    const {data, resumed} = await savedChunk(options.folder, name, count * width, compute);
    const words = new Uint32Array(count * top);
    const logits = new Float32Array(count * top);
    const rest = new Float32Array(count);
    for (let place = 0; place < count; place++) {
      words.set(data.subarray(place * width, place * width + top), place * top);
      logits.set(data.subarray(place * width + top, place * width + 2 * top), place * top);
      rest[place] = data[place * width + 2 * top]!;
    }
    return {places: places.flat(), words, logits, rest, resumed};
  };
  return {record, close: teacher.close};
};

const placesOf = (
  text: number,
  ids: Int32Array,
  read: Int32Array,
  hidden: readonly {readonly token: number}[],
  scored: 'masked' | 'tokens',
): WordPlace[] => {
  const isHidden = new Set(hidden.map(({token}) => token));
  return Array.from(ids, (piece, token) => ({text, token, piece, read: read[token]!, isHidden: isHidden.has(token)})).filter(place => scored === 'tokens' || place.isHidden); // prettier-ignore
};
