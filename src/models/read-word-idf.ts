import {readArrow} from '../io/arrow.ts';
import type {WordIdf} from './student-tokens.ts';

/** Reads idf.arrow: columns word, document_frequency, idf; the number of documents stands in its metadata. */
export const readWordIdf = (file: string): WordIdf => {
  const table = readArrow(file);
  return {
    documents: Number(table.metadata.get('documents')),
    words: table.strings('word'),
    documentFrequency: table.numbers('document_frequency'),
    idf: table.numbers('idf'),
  };
};
