import {createRandom} from '../../src/math/random.ts';

// Ranges of code points, the first ones drawn most: what real text has, then what breaks tokenisers.
const ranges = [
  ...[[0x61, 0x7a], [0x20, 0x20], [0x41, 0x5a], [0x30, 0x39], [0x21, 0x2f], [0x4e00, 0x9fff], [0xc0, 0x17f], [0x3000, 0x30ff]],
  ...[[0x390, 0x3ff], [0x400, 0x45f], [0x5d0, 0x5ea], [0x600, 0x6ff], [0x900, 0x97f], [0xe00, 0xe7f], [0xac00, 0xd7a3]],
  ...[[0x300, 0x36f], [0x2000, 0x206f], [0x2070, 0x218f], [0xff00, 0xffef], [0x20000, 0x2a6df], [0x2a700, 0x2ceaf]],
  ...[[0x1f300, 0x1faff], [0xe000, 0xe010], [0x0, 0x1f], [0x7f, 0xa0], [0x200b, 0x200f], [0xfe00, 0xfe0f], [0x1d400, 0x1d7ff]],
  ...[[0x2f800, 0x2fa1f], [0x110000 - 0x10, 0x10ffff], [0xf900, 0xfaff], [0x1e00, 0x1eff], [0x2581, 0x2581], [0x3a3, 0x3a3]],
] as const; // prettier-ignore

const words = [
  '[SEP]',
  '<s>',
  '[MASK]',
  '</s>',
  '##ing',
  '▁the',
  'ΟΔΥΣΣΕΥΣ',
  'İstanbul',
  '𠮷野家',
  "don't",
  '...',
  'é',
  'é',
  '�',
  'ﬁ',
  '㍿',
];

/** `count` strings of characters from everywhere, whole special tokens and repeated bits among them; always the same. */
export const oddStrings = (count: number): string[] => {
  const random = createRandom('odd strings');
  const character = (): string => {
    const [from, to] = ranges[Math.min(random.integer(ranges.length), random.integer(ranges.length))]!;
    const code = from + random.integer(to - from + 1);
    return code >= 0xd800 && code <= 0xdfff ? '?' : String.fromCodePoint(code);
  };
  return Array.from({length: count}, () => {
    let text = '';
    for (let part = random.integer(12); part >= 0; part--) {
      const kind = random.integer(20);
      if (kind === 0) text += words[random.integer(words.length)]!;
      else if (kind === 1) text += character().repeat(1 + random.integer(120));
      else if (kind === 2) text += ' '.repeat(1 + random.integer(4));
      else for (let length = random.integer(8); length >= 0; length--) text += character();
    }
    return text;
  });
};
