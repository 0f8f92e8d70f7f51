"""Trains the small tokenizers of test/expected/tokenizers: python small_tokenizers.py TEXTS.json OUT_FOLDER

TEXTS.json is a list of strings: WordNet's definitions and the generated strings of test/text/odd-strings.ts. Each tokenizer
has the parts of a well-known one: wordpiece of bert-base-uncased, cased of bert-base-chinese (cased), unigram of XLM-R,
bytes of GPT-2 and RoBERTa, spaces of Llama 2.
"""

import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

texts = json.load(open(sys.argv[1]))
out = pathlib.Path(sys.argv[2])
bert = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
roberta = ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)]


def finish(name, tokenizer, trainer, template, count=None):
    tokenizer.train_from_iterator(texts[:count], trainer)
    cls, sep = ("[CLS]", "[SEP]") if template == "bert" else ("<s>", "</s>")
    pair = f"{cls}:0 $A:0 {sep}:0 $B:1 {sep}:1" if template == "bert" else f"{cls} $A {sep} {sep} $B {sep}"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{cls} $A {sep}", pair=pair, special_tokens=[(t, tokenizer.token_to_id(t)) for t in (cls, sep)]
    )
    (out / f"{name}.json").write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")))


wordpiece = Tokenizer(models.WordPiece(unk_token="[UNK]"))
wordpiece.normalizer = normalizers.BertNormalizer(lowercase=True)
wordpiece.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
finish("wordpiece", wordpiece, trainers.WordPieceTrainer(vocab_size=1800, special_tokens=bert, show_progress=False, limit_alphabet=400), "bert")

cased = Tokenizer(models.WordPiece(unk_token="[UNK]"))
cased.normalizer = normalizers.BertNormalizer(lowercase=False)
cased.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
finish("cased", cased, trainers.WordPieceTrainer(vocab_size=1200, special_tokens=bert, show_progress=False, limit_alphabet=300), "bert")

unigram = Tokenizer(models.Unigram())
unigram.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
unigram.pre_tokenizer = pre_tokenizers.Metaspace()
finish("unigram", unigram, trainers.UnigramTrainer(vocab_size=1500, special_tokens=roberta, unk_token="<unk>", show_progress=False), "roberta", 5000)

byte_level = Tokenizer(models.BPE())
byte_level.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
finish("bytes", byte_level, trainers.BpeTrainer(vocab_size=1500, special_tokens=roberta, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False), "roberta")

spaces = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
spaces.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
finish("spaces", spaces, trainers.BpeTrainer(vocab_size=1500, special_tokens=["<s>", "<pad>", "</s>", "<unk>"] + [f"<0x{b:02X}>" for b in range(256)], limit_alphabet=200, show_progress=False), "roberta")
