import {join} from 'node:path';
import {writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import cleanCorpus from '../../stages/clean-corpus.ts';
import {readArrow} from '../../src/io/arrow.ts';
import {createRandom} from '../../src/math/random.ts';
import {englishWords} from '../../src/text/words.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const threshold = 0.85;
const heldOut = 60;

/** Sentences of 8 to 14 words, a third of which have a copy with one word more, other cases or other punctuation. */
const plantedTexts = (seed: string, count: number): string[] => {
  const random = createRandom(seed);
  const word = (): string => Array.from({length: 4}, () => 'abcdefghij'[random.integer(10)]).join('');
  return Array.from({length: count}, (_, at) => {
    const text = Array.from({length: 8 + random.integer(7)}, word).join(' ');
    if (at % 3 !== 0) return [text];
    return [text, [`${text} ${word()}`, `${text.toUpperCase()}!`, text.replace(' ', ', ')][(at / 3) % 3]!];
  }).flat();
};

const shingles = (text: string): Set<string> => {
  const words = englishWords(text).filter(word => /\w/.test(word));
  return new Set(words.slice(1).map((word, at) => `${words[at]} ${word}`));
};

/** Jaccard similarity of word pairs, by the definition. */
const similarity = (a: Set<string>, b: Set<string>): number => {
  const both = [...a].filter(pair => b.has(pair)).length;
  return both / (a.size + b.size - both);
};

const nearest = (texts: readonly string[], others: readonly string[]): number => {
  const pairs = others.map(shingles);
  return Math.max(...texts.map(shingles).map(own => Math.max(...pairs.map(other => similarity(own, other)))));
};

test('what students are measured on has no near duplicate in what they learn from, whatever text is added', async () => {
  const folder = await scratchFolder();
  const file = join(folder, 'raw.txt');
  const planted = plantedTexts('corpus', 400);
  writeFileSync(file, planted.join('\n'));
  const clean = (input: object, params: object = {}) =>
    runStage(cleanCorpus, {
      params: {sources: [], minWords: 3, nearDuplicates: {threshold, shingle: 2}, ...params},
      in: input,
    });
  const main = (await clean({raw: file})).out.sentences;
  const texts = readArrow(main).strings('text');
  expect(
    nearest(
      texts.slice(-heldOut),
      planted.filter(text => !texts.includes(text)),
    ),
  ).toBeGreaterThan(threshold);
  expect(nearest(texts.slice(-heldOut), texts.slice(0, -heldOut))).toBeLessThan(threshold);

  // Texts of a task, among them some that are nearly those which are measured on, and nearly those which are learnt.
  const task = join(folder, 'train.tsv');
  const rows = [...texts.slice(0, 40), ...texts.slice(-40)].map(text => `${text} indeed`);
  writeFileSync(task, `id\tsentence1\tlabel\n${rows.map((text, id) => `${id}\t${text}\tx\n`).join('')}`);
  const added = await clean({tasks: task, heldOut: main}, {heldOut: {count: heldOut}});
  const own = readArrow(added.out.sentences).strings('text');
  expect(own).toHaveLength(40);
  expect(nearest(texts.slice(-heldOut), own)).toBeLessThan(threshold);
  // Of a corpus of which fewer are embedded, other sentences are the last.
  const limited = await clean({tasks: task, heldOut: main}, {heldOut: {count: heldOut, limit: heldOut}});
  expect(nearest(texts.slice(0, heldOut), readArrow(limited.out.sentences).strings('text'))).toBeLessThan(threshold);
  await expect(clean({tasks: task, heldOut: main})).rejects.toThrow('go together');
});
