"""Texts a second of Python peers, cutting into pieces included: python infer_python.py SETTINGS.json -> one JSON line a peer and batch.

`bilstm` and `bert` are PyTorch with arbitrary weights (what they cost does not depend on them), `model2vec` is a StaticModel of its own package.
"""

import json
import pathlib
import statistics
import sys
import time

import numpy as np
from tokenizers import Tokenizer

s = json.loads(pathlib.Path(sys.argv[1]).read_text())
tokenizer = Tokenizer.from_file(s["tokenizer"])
tokenizer.no_padding()
vocabulary = tokenizer.get_vocab_size()


def padded(texts, special):
    """Ids [text, token], and how many of each are no padding."""
    ids = [own.ids[: s["maxTokens"]] or [1] for own in tokenizer.encode_batch(texts, add_special_tokens=special)]
    lengths = [len(own) for own in ids]
    table = np.zeros((len(ids), max(lengths)), np.int64)
    for row, own in enumerate(ids):
        table[row, : len(own)] = own
    return table, lengths


def open_bilstm():
    import torch
    from torch import nn
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    embedding = nn.Embedding(vocabulary, s["embedding"])
    lstm = nn.LSTM(s["embedding"], s["hidden"], bidirectional=True, batch_first=True)
    output = nn.Linear(2 * s["hidden"], s["width"])
    weight_of = torch.rand(vocabulary) + 0.1

    def embed(texts):
        table, lengths = padded(texts, False)
        ids = torch.from_numpy(table)
        packed = pack_padded_sequence(embedding(ids), torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(lstm(packed)[0], batch_first=True)
        weights = weight_of[ids] * (torch.arange(ids.shape[1]) < torch.tensor(lengths)[:, None])
        weights = weights / weights.sum(1, keepdim=True)
        return output((states * weights[..., None]).sum(1)).numpy()

    parts = [embedding, lstm, output]
    return embed, 4 * sum(p.numel() for part in parts for p in part.parameters()), f"PyTorch {torch.__version__.split('+')[0]}"


def open_bert():
    import torch
    import transformers

    model = transformers.BertModel(transformers.BertConfig(), add_pooling_layer=False).eval()

    def embed(texts):
        table, lengths = padded(texts, True)
        mask = (torch.arange(table.shape[1]) < torch.tensor(lengths)[:, None]).long()
        states = model(input_ids=torch.from_numpy(table), attention_mask=mask).last_hidden_state
        return ((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)).numpy()

    return embed, 4 * sum(p.numel() for p in model.parameters()), f"PyTorch {torch.__version__.split('+')[0]}"


def open_model2vec():
    import model2vec

    vectors = np.random.default_rng(0).standard_normal((vocabulary, s["static"])).astype(np.float32)
    model = model2vec.StaticModel(vectors, tokenizer, normalize=True)
    return lambda texts: model.encode(texts, batch_size=max(1, len(texts))), vectors.nbytes, f"Model2Vec {model2vec.__version__}"


def rate(embed, texts, batch):
    if batch == 1:
        order = [[text] for text in texts]
    else:
        texts = sorted(texts, key=len)
        order = [texts[start : start + batch] for start in range(0, len(texts), batch)]
    seconds = []
    for run in range(s["runs"] + 1):
        start = time.perf_counter()
        for part in order:
            embed(part)
        if run > 0:  # the first one warms up
            seconds.append(time.perf_counter() - start)
    return sum(len(part) for part in order) / statistics.median(seconds)


def measure(peer):
    try:
        if peer != "model2vec":
            import torch

            torch.set_num_threads(s["threads"])
            torch.set_grad_enabled(False)
        embed, size, name = {"bilstm": open_bilstm, "bert": open_bert, "model2vec": open_model2vec}[peer]()
        for batch in s["batches"]:
            texts = s["few"][str(batch)] if peer == "bert" else s["texts"]
            print(json.dumps({"peer": peer, "name": name, "batch": batch, "rate": rate(embed, texts, batch), "bytes": size, "runs": s["runs"]}), flush=True)
    except ImportError as error:
        for batch in s["batches"]:
            print(json.dumps({"peer": peer, "batch": batch, "reason": f"{error.name} is not installed: bash bench/setup.sh infer"}), flush=True)


for peer in s["peers"]:
    measure(peer)
