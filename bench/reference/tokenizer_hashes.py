"""Ids of many strings in Hugging Face's tokenizers, as hashes: python tokenizer_hashes.py STRINGS.json NAME=tokenizer.json...

STRINGS.json is what ownStrings() or dataStrings() of test/text/tokenizer-strings.ts give. Prints {name: [hash of 500 strings, ...]}: the
first 12 hex digits of the SHA-256 of "id,id,...\\n" of each string. Made with tokenizers 0.23.3.
"""

import hashlib
import json
import sys

from tokenizers import Tokenizer

strings = json.load(open(sys.argv[1]))
result = {}
for argument in sys.argv[2:]:
    name, file = argument.split("=")
    tokenizer = Tokenizer.from_file(file)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    blocks = []
    for start in range(0, len(strings), 500):
        lines = [",".join(map(str, e.ids)) + "\n" for e in tokenizer.encode_batch(strings[start : start + 500])]
        blocks.append(hashlib.sha256("".join(lines).encode()).hexdigest()[:12])
    result[name] = blocks
print(json.dumps(result))
