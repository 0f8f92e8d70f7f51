"""Writes src/text/unicode-8.ts: python unicode_tables.py

The categories by which Hugging Face's tokenizers (0.23.3) cleans and cuts text for BERT are those of Unicode 8.0, compiled into
its Rust code. They are read off its behaviour, character by character, so that newer tables in Node change no ids.
"""

import pathlib

from tokenizers.normalizers import NFKC, BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

stripped = BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
cleaned = BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
cut = BertPreTokenizer()
characters = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def ranges(test):
    found = []
    for c in filter(test, characters):
        if found and c == found[-1][1] + 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in found)


def block(name, comment, text):
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) > 112:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    body = "".join(f"  '{line}' +\n" for line in lines[:-1]) + f"  '{lines[-1]}';\n"
    return f"/** {comment} */\nconst {name} =\n{body}\n"


marks = ranges(lambda c: stripped.normalize_str(f"a{chr(c)}b") == "ab")
removed = ranges(lambda c: cleaned.normalize_str(f"a{chr(c)}b") == "ab")
punctuation = ranges(lambda c: len(cut.pre_tokenize_str(f"a{chr(c)}b")) == 3)
out = pathlib.Path(__file__).parent / "../../src/text/unicode-8.ts"
out.write_text(
    "// Written by bench/reference/unicode_tables.py from tokenizers 0.23.3; do not edit.\n\n"
    + block("marks", "Marks that take no room (Mn), which are stripped as accents.", marks)
    + block("removed", "What cleaning removes: controls, formats, private characters, U+FFFD.", removed)
    + block("punctuation", "ASCII's symbols and P: each is a word of its own.", punctuation)
    + """const escaped = (ranges: string): string =>
  ranges.replace(/[0-9a-f]+/g, '\\\\u{$&}').replaceAll(' ', '');

/** Categories of Unicode 8.0 as the inside of a character class, for regular expressions with the flag u. */
export const unicode8 = {
  marks: escaped(marks),
  removed: escaped(removed),
  punctuation: escaped(punctuation),
} as const;
"""
)
