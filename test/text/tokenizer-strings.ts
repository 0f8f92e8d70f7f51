import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {benchSentences} from '../../bench/harness/sentences.ts';
import {oddStrings} from './odd-strings.ts';

/** 3,000 definitions of WordNet and 5,000 strings of characters from everywhere. */
export const ownStrings = (): string[] => [...benchSentences(3000), ...oddStrings(5000)];

/** 50,000 strings: 20,000 English and 20,000 Chinese sentences of a data folder, 10,000 odd ones. */
export const dataStrings = (data: string): string[] => [
  ...spread(join(data, 'en', 'mixed_dedup.tsv'), 20_000),
  ...spread(join(data, 'zh', 'corpus', 'zh_short_dedup.tsv'), 20_000),
  ...oddStrings(10_000),
];

/** `count` texts of a file of `source TAB text`, evenly spread. */
const spread = (file: string, count: number): string[] => {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return Array.from({length: count}, (_, index) => {
    const line = lines[Math.floor((index * lines.length) / count)]!;
    return line.slice(line.indexOf('\t') + 1);
  });
};
