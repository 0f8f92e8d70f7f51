"""Loads an exported student as others would: sentence-transformers, onnxruntime and tokenizers must agree.

    bench/.venv/bin/python bench/check-student.py FOLDER [TEXT ...]

Needs sentence-transformers >= 6.2 and onnxruntime (bash bench/setup.sh embed). Prints the least cosine between
sentence-transformers and each file of FOLDER/onnx, and exits with 1 where float weights differ by more than 1e-5 in
cosine or 8-bit ones by more than .01.
"""

import json
import os
import sys
import warnings

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

warnings.filterwarnings("ignore")

TEXTS = [
    "The cat sat on the mat.",
    "A company’s shares fell 12.5% on Monday, and they’re still falling!",
    "He said: don't, won't, can't — it isn't mine, it's the dogs' bone.",
    "Café naïve ﬁnally costs 3€; COVID19 times",
    "今天天气很好，我们去公园玩吧。",
    "x",
]


def cosine(a, b):
    return (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))


def run_onnx(file, rows):
    session = ort.InferenceSession(file, providers=["CPUExecutionProvider"])
    width = max(len(row) for row in rows)
    ids = np.zeros((len(rows), width), np.int64)
    mask = np.zeros((len(rows), width), np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    states, vectors = session.run(
        ["last_hidden_state", "sentence_embedding"], {"input_ids": ids, "attention_mask": mask}
    )
    assert states.shape == (*ids.shape, vectors.shape[1]), states.shape
    return vectors


LEAST = {"model_quantized.onnx": 0.99, "model_q4.onnx": 0.98}


def main(folder, texts):
    with open(os.path.join(folder, "tokenizer_config.json")) as file:
        longest = json.load(file)["model_max_length"]
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    rows = [encoding.ids[:longest] for encoding in tokenizer.encode_batch(texts)]
    reference, name = None, ""
    if os.path.exists(os.path.join(folder, "modules.json")):
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(folder, device="cpu")
        reference, name = model.encode(texts), "sentence-transformers"
        theirs = model.preprocess(texts)
        for at, row in enumerate(rows):
            length = int(theirs["attention_mask"][at].sum())
            assert theirs["input_ids"][at][:length].tolist() == row, texts[at]
    failed = False
    for file in ("model.onnx", "model_fp16.onnx", "model_quantized.onnx", "model_q4.onnx"):
        where = os.path.join(folder, "onnx", file)
        if not os.path.exists(where):
            continue
        vectors = run_onnx(where, rows)
        if reference is None:
            reference, name = vectors, file
        least = float(cosine(vectors, reference).min())
        failed |= least < LEAST.get(file, 0.99999)
        print(f"{file}: least cosine to {name} {least:.7f}, {os.path.getsize(where) / 1e6:.2f} MB")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:] or TEXTS))
