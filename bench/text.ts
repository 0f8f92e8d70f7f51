import {Tokenizer} from '@huggingface/tokenizers';
import {openFastReader} from '../src/models/fast-reader.ts';
import {openTextEncoder} from '../src/models/student-tokens.ts';
import {createTokenizer} from '../src/text/tokenizer.ts';
import {makeStudent} from './inference/students.ts';
import {benchTokenizer, inferenceTexts, wordIdfOf} from './inference/texts.ts';
import type {Bench} from './harness/row.ts';
import {higherIsBetter, isSelected} from './harness/row.ts';
import {median, secondsOf} from './harness/timing.ts';

/** Texts cut into pieces a second, one thread, one text at a time; and how many texts two ways read differently. */
export default {
  name: 'text',
  run: async function* (options) {
    const texts = inferenceTexts(options.quick ? 2000 : 10_000);
    const {json, name} = benchTokenizer(texts);
    const ours = createTokenizer(json);
    const library = new Tokenizer(json, {});
    const student = await makeStudent({pooling: 'idf', embedding: 4, hidden: 4}, wordIdfOf(texts), ours);
    const long = await openTextEncoder(student.config, student.vocabulary, student.idf, ours);
    const short = await openFastReader(student);
    const cases = [
      {
        title: `ids by ${name}`,
        peer: '@huggingface/tokenizers',
        ours: (text: string) => Array.from(ours.encode(text)),
        theirs: (text: string) => library.encode(text).ids,
      },
      {
        title: 'ids and IDF weights of a student',
        peer: 'the plain reader',
        ours: (text: string) => short(text),
        theirs: (text: string) => long(text),
      },
    ];
    for (const {title, peer, ...read} of cases) {
      if (!isSelected(title, options)) continue;
      // Nobody is timed for what the other would not do: first of all the answers are compared.
      const different = texts.filter(text => JSON.stringify(read.ours(text)) !== JSON.stringify(read.theirs(text)));
      const seconds = {ours: [] as number[], theirs: [] as number[]};
      for (let run = 0; run < (options.quick ? 3 : 7); run++) {
        seconds.ours.push(await secondsOf(() => texts.forEach(text => read.ours(text))));
        seconds.theirs.push(await secondsOf(() => texts.forEach(text => read.theirs(text))));
      }
      const rate = (all: readonly number[]): number => Number((texts.length / median(all)).toPrecision(4));
      yield higherIsBetter({
        ...{bench: 'text', case: title, threads: 1, unit: 'texts/s', ours: rate(seconds.ours), peer},
        ...{theirs: rate(seconds.theirs), runs: seconds.ours.length},
        ...(different.length > 0 && {reason: `${different.length} of ${texts.length} texts are read differently`}),
      });
    }
  },
} satisfies Bench;
