import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {HostTensor} from '../../src/engine/types.ts';
import {openArrowWriter} from '../../src/io/arrow.ts';
import {documentFrequencies, smoothedIdf} from '../../src/math/idf.ts';
import {createRandom} from '../../src/math/random.ts';
import {openStudentNetwork} from '../../src/models/open-student.ts';
import {studentShape} from '../../src/models/student-config.ts';
import type {StudentShape} from '../../src/models/student-config.ts';
import {writeStudent} from '../../src/models/student-folder.ts';
import {readWordIdf} from '../../src/models/read-word-idf.ts';
import {readStudentTokenizer} from '../../src/models/student-pieces.ts';
import {studentVocabulary} from '../../src/models/student-tokens.ts';
import {openSegmenter} from '../../src/text/words.ts';

/** English texts with what tokenisers differ about: apostrophes, possessives, digits in words, marks, emoji. */
export const englishTexts = [
  'The cat sat on the mat.',
  'A company’s shares fell 12.5% on Monday, and they’re still falling!',
  "He said: don't, won't, can't — it isn't mine, it's the dogs' bone.",
  'Café naïve ﬁnally costs 3€; e\u0301tude №7 in COVID19 times 😀👍🏽',
  'to be, or not to be: that is the question',
  'An unseen zyzzyva quokka appears',
  'x',
];

export const chineseTexts = ['今天天气很好，我们去公园玩吧。', '商品的不足暂时还没发现', '苹果iPhone 12发布了！', '股市大跌，投资者担忧', '天']; // prettier-ignore

/** A student with random weights in `folder`/student, and the sentences in `folder`/sentences.arrow. */
export const tinyStudent = async (
  folder: string,
  texts: readonly string[],
  options: Partial<StudentShape> & {readonly language?: 'en' | 'zh'; readonly tokenizerFile?: string; readonly width?: number}, // prettier-ignore
): Promise<{student: string; sentences: string}> => {
  const {language = 'en', tokenizerFile = null, width = 10, ...own} = options;
  const shape = studentShape.parse({embedding: 8, hidden: 6, vocabulary: 400, ...own});
  await mkdir(folder, {recursive: true});
  const segment = await openSegmenter(language);
  // Twice, so that each word is in two documents: rarer ones are unknown. The last text is left out: it has unknown words.
  const {documents, frequencies} = documentFrequencies([...texts.slice(0, -2), ...texts.slice(0, -2)].map(segment));
  const idfFile = join(folder, 'idf.arrow');
  const writer = openArrowWriter(
    idfFile,
    {word: 'utf8', document_frequency: 'uint32', idf: 'float64'},
    {metadata: {documents: String(documents), language}},
  );
  await writer.append({
    word: [...frequencies.keys()],
    document_frequency: Uint32Array.from(frequencies.values()),
    idf: Float64Array.from(frequencies.values(), count => smoothedIdf(documents, count)),
  });
  await writer.close();
  const idf = readWordIdf(idfFile);
  const tokenizer = tokenizerFile === null ? null : readStudentTokenizer(tokenizerFile);
  const vocabulary = await studentVocabulary(idf, shape, tokenizer);
  const network = await openStudentNetwork(shape, {vocabulary: vocabulary.size, width});
  const student = join(folder, 'student');
  writeStudent(student, {
    ...{config: {...shape, language, width}, vocabulary, idfFile, tokenizerFile},
    parameters: withGates(network.init(createRandom(1))),
  });
  const sentences = join(folder, 'sentences.arrow');
  const rows = openArrowWriter(sentences, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await rows.append({id: Uint32Array.from(texts.keys()), text: texts, source: texts.map(() => 'test')});
  await rows.close();
  return {student, sentences};
};

/** Gates start at 0, where a mistake with them would not show. */
const withGates = (parameters: Record<string, HostTensor>): Record<string, HostTensor> => {
  const {gate} = parameters;
  return gate ? {...parameters, gate: {...gate, data: gate.data.map((_, id) => Math.sin(id))}} : parameters;
};
