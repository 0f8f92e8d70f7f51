import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {openFastReader} from '../../src/models/fast-reader.ts';
import {readStudent} from '../../src/models/student-folder.ts';
import {openTextEncoder} from '../../src/models/student-tokens.ts';
import {dataFolder, minilmFolder} from './real-models.ts';
import {scratchFolder} from '../stage-rig.ts';
import {dataStrings, ownStrings} from '../text/tokenizer-strings.ts';
import {englishTexts, tinyStudent} from '../export/tiny-student.ts';

const wordpiece = fileURLToPath(new URL('../expected/tokenizers/wordpiece.json', import.meta.url));

type Options = Parameters<typeof tinyStudent>[2];

/** Ids and weights to the bit, of all strings, each read twice: the second time from what the reader keeps. */
const expectSame = async (options: Options, strings: readonly string[]): Promise<void> => {
  const {student: folder} = await tinyStudent(await scratchFolder(), strings.slice(0, 400), options);
  const student = readStudent(folder);
  const slow = await openTextEncoder(student.config, student.vocabulary, student.idf, student.tokenizer);
  const fast = await openFastReader(student);
  for (const text of [...strings, ...strings.slice(0, 1000)]) {
    const [expected, found] = [slow(text), fast(text)];
    if (
      !Buffer.from(found.ids.buffer).equals(
        Buffer.from(expected.ids.buffer, expected.ids.byteOffset, expected.ids.byteLength),
      ) ||
      Buffer.compare(Buffer.from(found.weights.buffer), Buffer.from(expected.weights.buffer)) !== 0
    )
      // prettier-ignore
      expect({text, ...found}).toEqual({text, ...expected});
  }
};

const own = ['before [SEP] after', '[CLS]and', "it's the dogs' [SEP] of [UNK] \u0000 and 'S 's'", 'abc123def 3.14% a_b \t x\r\ny', ...englishTexts, ...ownStrings().filter((_, at) => at % 20 === 0)]; // prettier-ignore

const cases: readonly [string, Options][] = [
  ['words', {unit: 'word', vocabulary: 300, maxTokens: 12}],
  ['pieces, IDF', {unit: 'teacher-piece', tokenizerFile: wordpiece, vocabulary: 200, maxTokens: 14}],
  ['pieces, the first', {unit: 'teacher-piece', tokenizerFile: wordpiece, pooling: 'cls'}],
];

test.each(cases)('the fast reader reads as training does: %s', {timeout: 120_000}, async (_, options) => {
  await expectSame(options, own);
});

const hasData = existsSync(join(dataFolder, 'en', 'mixed_dedup.tsv')) && minilmFolder();
test.skipIf(!hasData)(
  'and with MiniLM’s tokeniser on a part of 50,000 strings (needs the data folder and MiniLM)',
  {timeout: 120_000},
  async () => {
    const tokenizerFile = join(minilmFolder()!, 'tokenizer.json');
    const some = dataStrings(dataFolder).filter((_, at) => at % 50 === 0);
    await expectSame({unit: 'teacher-piece', tokenizerFile, vocabulary: 30_000}, some);
  },
);
