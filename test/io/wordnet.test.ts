import {describe, expect, test} from 'vitest';
import {readBrown, detokenize} from '../../src/io/brown.ts';
import {parseSynset, readWordNet, splitGloss} from '../../src/io/wordnet.ts';

describe('WordNet', () => {
  test('a line of data.noun', () => {
    const line =
      '00004258 03 n 02 living_thing 0 animate_thing 0 003 @ 00003553 n 0000 -c 01651383 a 0000 ~ 00004475 n 0000 | a living (or once living) entity  ';
    expect(parseSynset(line, 'n')).toEqual({
      id: 'n00004258',
      partOfSpeech: 'n',
      file: 'noun.Tops',
      lemmas: ['living thing', 'animate thing'],
      pointers: [
        {symbol: '@', target: 'n00003553'},
        {symbol: '-c', target: 'a01651383'},
        {symbol: '~', target: 'n00004475'},
      ],
      definition: 'a living (or once living) entity',
      examples: [],
    });
  });

  test('adjective markers, satellites and hexadecimal counts', () => {
    const words = Array.from({length: 11}, (_, at) => `w${at}(p) 0`).join(' ');
    const synset = parseSynset(`00001740 00 s 0b ${words} 001 & 00002098 s 0000 | able`, 'a');
    expect(synset.lemmas).toHaveLength(11);
    expect(synset.lemmas[10]).toBe('w10');
    expect(synset.pointers).toEqual([{symbol: '&', target: 'a00002098'}]);
  });

  test('glosses', () => {
    expect(splitGloss('a whole; one; "how big?"; "the team is a unit" - A. Person  ')).toEqual({
      definition: 'a whole; one',
      examples: ['how big?', 'the team is a unit'],
    });
    expect(splitGloss('a demand in the phrase "the call of duty"')).toEqual({
      definition: 'a demand in the phrase "the call of duty"',
      examples: [],
    });
    expect(splitGloss('("straw" is archaic) spread: "strew toys"')).toEqual({
      definition: '("straw" is archaic) spread',
      examples: ['strew toys'],
    });
  });

  test('all of it', () => {
    const synsets = [...readWordNet()];
    // grep -vc '^  ' data.{noun,verb,adj,adv}: 82,192 + 13,789 + 18,185 + 3,625.
    expect(synsets).toHaveLength(117_791);
    expect(new Set(synsets.map(({id}) => id)).size).toBe(117_791);
    expect(synsets.reduce((sum, {examples}) => sum + examples.length, 0)).toBe(48_557);
    expect(new Set(synsets.map(({file}) => file)).size).toBe(45);
    expect(synsets.every(({definition, lemmas, file}) => definition && lemmas.length && file)).toBe(true);
    const ids = new Set(synsets.map(({id}) => id));
    expect(synsets.every(({pointers}) => pointers.every(({target}) => ids.has(target)))).toBe(true);
  });
});

describe('Brown', () => {
  test('500 documents, 57,340 sentences, no tags and no loose punctuation', () => {
    const sentences = [...readBrown()];
    expect(sentences).toHaveLength(57_340);
    expect(new Set(sentences.map(({document}) => document)).size).toBe(500);
    expect(sentences[0]).toEqual({
      document: 'ca01',
      text: 'The Fulton County Grand Jury said Friday an investigation of Atlanta\'s recent primary election produced "no evidence" that any irregularities took place.',
    });
    expect(sentences.filter(({text}) => / [.,;]|``|''|\s\s/.test(text)).length).toBe(0);
  });

  test('spacing', () => {
    expect(detokenize(['``', 'Stop', '!', '!', "''", 'he', 'said', '(', 'twice', ')', ';', ';'])).toBe(
      '"Stop!" he said (twice);',
    );
    expect(detokenize([])).toBe('');
  });
});
