/**
 * SentencePiece's precompiled normalisation (`Precompiled` of tokenizer.json), which XLM-RoBERTa, E5, T5 and ALBERT have:
 * a double-array trie from byte strings to replacements (https://github.com/s-yata/darts-clone), as the Rust crate
 * spm_precompiled reads it. Bytes: u32 size of the trie, the trie's u32 units, then replacements that end with a 0 byte.
 */
export const openCharsmap = (base64: string): ((text: string) => string) => {
  const bytes = Buffer.from(base64, 'base64');
  const trieBytes = bytes.readUInt32LE(0);
  if (trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
    throw new Error(`A precompiled_charsmap of ${bytes.length} bytes claims a trie of ${trieBytes}.`);
  }
  const units = Uint32Array.from({length: trieBytes / 4}, (_, at) => bytes.readUInt32LE(4 + 4 * at));
  const replacements = bytes.subarray(4 + trieBytes);

  // The replacement of the shortest prefix that has one: the crate takes the first result, though a longer one may follow.
  const lookUp = (key: Buffer): string | null => {
    let node = 0;
    let unit = units[node] ?? 0;
    node ^= offsetOf(unit);
    for (const byte of key) {
      if (byte === 0) break;
      node ^= byte;
      unit = units[node] ?? 0;
      // Bit 31 is set in leaves, which no byte leads to.
      if ((unit & 0x8000_00ff) >>> 0 !== byte) return null;
      node ^= offsetOf(unit);
      if ((unit >>> 8) & 1) {
        const start = (units[node] ?? 0) & 0x7fff_ffff;
        return replacements.toString('utf8', start, replacements.indexOf(0, start));
      }
    }
    return null;
  };

  const cache = new Map<string, string | null>();
  const replacementOf = (text: string): string | null => {
    let found = cache.get(text);
    if (found === undefined) {
      found = lookUp(Buffer.from(text));
      if (cache.size > 50_000) cache.clear();
      cache.set(text, found);
    }
    return found;
  };
  // A user-perceived character of few bytes is replaced as a whole if it can be, else character by character.
  const graphemes = new Intl.Segmenter('und', {granularity: 'grapheme'});
  const ascii = /^[ -~]*$/;
  // Maps that fold case change ASCII, the others leave most text as it is.
  const keepsAscii = Array.from({length: 95}, (_, at) => String.fromCharCode(32 + at)).every(
    character => (replacementOf(character) ?? character) === character,
  );
  return text => {
    if (keepsAscii && ascii.test(text)) return text;
    let result = '';
    for (const {segment} of graphemes.segment(text)) {
      const whole = Buffer.byteLength(segment) < 6 ? replacementOf(segment) : null;
      if (whole !== null) result += whole;
      else for (const character of segment) result += replacementOf(character) ?? character;
    }
    return result;
  };
};

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
