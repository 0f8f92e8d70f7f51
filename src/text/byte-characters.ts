import type {Part} from './tokenizer-normalizer.ts';

/** Whether words come as characters that stand for the bytes of UTF-8. */
export const isByteLevel = (part: Part | null): boolean =>
  part !== null &&
  (part.type === 'ByteLevel' || (part.type === 'Sequence' && (part['pretokenizers'] as Part[]).some(isByteLevel)));

/** GPT-2's visible characters for bytes: printable ones stand for themselves, the others for U+0100 and up, in order. */
export const byteTable = (): Map<string, number> => {
  const table = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const isVisible = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    table.set(String.fromCharCode(isVisible ? byte : next++), byte);
  }
  return table;
};

/** The text that a word of byte characters stands for, and the UTF-16 unit in which each byte lies. */
export const unitsOfBytes = (word: string, table: ReadonlyMap<string, number>): {text: string; units: number[]} => {
  const text = Buffer.from(Array.from(word, character => table.get(character) ?? 0)).toString('utf8');
  const units: number[] = [];
  let unit = 0;
  for (const character of text) {
    for (let byte = Buffer.byteLength(character); byte > 0; byte--) units.push(unit);
    unit += character.length;
  }
  return {text, units: [...units, unit]};
};
