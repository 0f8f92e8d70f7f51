import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openCharsmap} from '../../src/text/charsmap.ts';
import {openTokenizer} from '../../src/text/open-tokenizer.ts';
import {createTokenizer} from '../../src/text/tokenizer.ts';
import type {TokenizerJson} from '../../src/text/tokenizer-json.ts';
import type {PieceTokenizer} from '../../src/text/tokenizer.ts';
import {wordsOfPieces} from '../../src/text/words-of-pieces.ts';
import {englishWords} from '../../src/text/words.ts';
import {dataFolder, e5Folder, minilmFolder} from '../models/real-models.ts';
import {scratchFolder} from '../stage-rig.ts';
import {dataStrings, ownStrings} from './tokenizer-strings.ts';

const expected = new URL('../expected/tokenizers/', import.meta.url);
const readTokenizer = (name: string): TokenizerJson =>
  JSON.parse(readFileSync(new URL(`${name}.json`, expected), 'utf8')) as TokenizerJson;
/** By bench/reference/tokenizer_hashes.py, tokenizers 0.23.3. */
const hashes = JSON.parse(readFileSync(new URL('hashes.json', expected), 'utf8')) as Record<string, string[]>;

const hashesOf = (tokenizer: PieceTokenizer, strings: readonly string[]): string[] => {
  const blocks: string[] = [];
  for (let start = 0; start < strings.length; start += 500) {
    const hash = createHash('sha256');
    for (const text of strings.slice(start, start + 500)) hash.update(`${tokenizer.encode(text).join(',')}\n`);
    blocks.push(hash.digest('hex').slice(0, 12));
  }
  return blocks;
};

describe('ids of tokenizer.json are those of the Rust library', () => {
  const strings = ownStrings();
  it.each(['wordpiece', 'cased', 'unigram', 'bytes', 'spaces'])('%s', name => {
    expect(hashesOf(createTokenizer(readTokenizer(name)), strings)).toEqual(hashes[name]);
  });

  const hasData = existsSync(join(dataFolder, 'en', 'mixed_dedup.tsv'));
  it.skipIf(!hasData || !minilmFolder())('MiniLM on 50,000 strings (needs the data folder and MiniLM)', () => {
    const tokenizer = openTokenizer(minilmFolder()!, 30_522);
    expect(hashesOf(tokenizer, dataStrings(dataFolder))).toEqual(hashes['minilm']);
  });
  it.skipIf(!hasData)('E5 on 50,000 strings (needs the data folder)', () => {
    const tokenizer = openTokenizer(e5Folder()!, 33_287);
    expect(hashesOf(tokenizer, dataStrings(dataFolder))).toEqual(hashes['e5']);
  });
});

it("SentencePiece's precompiled normalisation is that of the Rust library", () => {
  const {charsmap, cases} = JSON.parse(readFileSync(new URL('charsmap.json', expected), 'utf8')) as {
    charsmap: string;
    cases: [string, string][];
  };
  const normalize = openCharsmap(charsmap);
  expect(cases.map(([text]) => [text, normalize(text)])).toEqual(cases);
  expect(() => openCharsmap(Buffer.from([8, 0, 0, 0, 1]).toString('base64'))).toThrow(/claims a trie of 8/);
});

describe('offsets', () => {
  it.each(['wordpiece', 'unigram', 'bytes', 'spaces'])('of %s cover each word once, in order', name => {
    const tokenizer = createTokenizer(readTokenizer(name));
    for (const text of ownStrings().filter((_, index) => index % 16 === 0)) {
      const {ids, starts, ends, normalized} = tokenizer.encodeWithOffsets(text);
      let covered = '';
      let end = 0;
      for (let piece = 0; piece < ids.length; piece++) {
        expect(starts[piece]).toBeGreaterThanOrEqual(name === 'bytes' ? 0 : end);
        end = ends[piece]!;
        covered += normalized.slice(starts[piece], end);
      }
      // A character of several bytes may be cut into pieces: it then belongs to the last of them.
      expect(covered.replaceAll(' ', '')).toBe(normalized.replaceAll(' ', ''));
    }
  });

  it('lead from pieces to the words of the text as it was', () => {
    const tokenizer = createTokenizer(readTokenizer('wordpiece'));
    const text = 'The CAFÉ, naïvely rebuilt';
    const words = englishWords(text);
    expect(words).toEqual(['the', 'café', ',', 'naïvely', 'rebuilt']);
    const pieces = tokenizer.encodeWithOffsets(text);
    const ofPieces = wordsOfPieces(pieces, words, tokenizer.normalize);
    expect([ofPieces[0], ofPieces.at(-1)]).toEqual([-1, -1]);
    const joined = words.map((_, word) =>
      Array.from(pieces.ids.keys())
        .filter(piece => ofPieces[piece] === word)
        .map(piece => pieces.normalized.slice(pieces.starts[piece], pieces.ends[piece]))
        .join(''),
    );
    expect(joined).toEqual(['the', 'cafe', ',', 'naively', 'rebuilt']);
  });

  it('lead from pieces to Chinese words', () => {
    const tokenizer = createTokenizer(readTokenizer('unigram'));
    const pieces = tokenizer.encodeWithOffsets('我们 去公园。');
    const ofPieces = wordsOfPieces(pieces, ['我们', '去', '公园', '。'], tokenizer.normalize);
    for (let piece = 0; piece < pieces.ids.length; piece++) {
      const shown = pieces.normalized.slice(pieces.starts[piece], pieces.ends[piece]).replaceAll('▁', '');
      if (shown !== '') expect(['我们', '去', '公园', '。'][ofPieces[piece]!]).toContain(shown[0]);
    }
  });
});

describe('a tokenizer', () => {
  const tokenizer = createTokenizer(readTokenizer('wordpiece'));

  it('keeps its special pieces when it cuts the end off', () => {
    const whole = tokenizer.encode('a boxing tactic of some length');
    const cut = tokenizer.encode('a boxing tactic of some length', 5);
    expect([...cut]).toEqual([...whole.slice(0, 4), whole.at(-1)]);
    expect(tokenizer.encode('')).toHaveLength(2);
    expect(tokenizer.encode('word '.repeat(20_000), 512)).toHaveLength(512);
  });

  // tokenizers 0.23.3: t.encode('the cat', 'a dog') and, with t.enable_truncation(8), t.encode('the cat sat', 'a dog').
  it('gives pairs their token types and cuts the longer text first', () => {
    const [first, second] = [tokenizer.encode('the cat sat'), tokenizer.encode('a dog')].map(ids =>
      [...ids].slice(1, -1),
    );
    const [cls, sep] = [tokenizer.encode('')[0]!, tokenizer.encode('')[1]!];
    const pair = tokenizer.encodePair('the cat sat', 'a dog');
    expect([...pair.ids]).toEqual([cls, ...first!, sep, ...second!, sep]);
    expect([...pair.types]).toEqual([
      ...Array<number>(first!.length + 2).fill(0),
      ...Array<number>(second!.length + 1).fill(1),
    ]);
    const short = tokenizer.encodePair('the cat sat', 'a dog', 5);
    expect([...short.ids]).toEqual([cls, first![0], sep, second![0], sep]);
  });

  it('takes a vocab.txt, and refuses one that the model does not know', async () => {
    const folder = await scratchFolder();
    const {model} = readTokenizer('wordpiece');
    const vocabulary = model['vocab'] as Record<string, number>;
    const lines = Object.entries(vocabulary).sort((a, b) => a[1] - b[1]).map(([piece]) => piece); // prettier-ignore
    writeFileSync(join(folder, 'vocab.txt'), `${lines.join('\n')}\n`);
    const listed = openTokenizer(folder, lines.length);
    const strings = ownStrings().slice(2500, 4000);
    expect(hashesOf(listed, strings)).toEqual(hashesOf(tokenizer, strings));
    expect(() => openTokenizer(folder, 100)).toThrow(`ids up to ${lines.length - 1}, but the model knows 100 pieces`);
    writeFileSync(join(folder, 'tokenizer.json'), '{"model": {"type": "Odd"}}');
    expect(() => openTokenizer(folder, 100)).toThrow(/tokenizer\.json cannot be used/);
  });
});
