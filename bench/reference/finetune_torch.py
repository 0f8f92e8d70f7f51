"""Plain PyTorch fine-tuning of a BERT with heads for tasks: the same model, examples, order and settings as ours, no dropout.

  python bench/reference/finetune_torch.py test/expected/finetune-torch-input.json test/expected/finetune-torch.json
Made with torch 2.13.0. The input is written by test/bam/torch.test.ts with WRITE=1; weights lie beside it as safetensors.
"""
import json, math, struct, sys

import torch
from torch.nn.functional import gelu, layer_norm, linear, log_softmax, softmax

given = json.load(open(sys.argv[1]))
config, settings = given["config"], given["settings"]
torch.manual_seed(0)
torch.set_num_threads(1)


def read_safetensors(path):
    raw = open(path, "rb").read()
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + length])
    body = raw[8 + length :]
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        values = torch.frombuffer(bytearray(body[start:end]), dtype=torch.float32).reshape(entry["shape"])
        tensors[name] = values.clone().requires_grad_()
    return tensors


p = read_safetensors(sys.argv[1].replace(".json", ".safetensors"))


def dense(name, x):
    return linear(x, p[name + ".weight"], p[name + ".bias"])


def norm(name, x):
    return layer_norm(x, x.shape[-1:], p[name + ".weight"], p[name + ".bias"], config["epsilon"])


def outputs(ids, types, mask):
    batch, tokens = ids.shape
    width, heads = config["width"], config["heads"]
    x = p["embeddings.word_embeddings.weight"][ids] + p["embeddings.position_embeddings.weight"][:tokens]
    x = norm("embeddings.LayerNorm", x + p["embeddings.token_type_embeddings.weight"][types])
    bias = (1 - mask)[:, None, None, :] * torch.finfo(torch.float32).min
    for layer in range(config["layers"]):
        at = f"encoder.layer.{layer}"
        split = lambda role: dense(f"{at}.attention.self.{role}", x).view(batch, tokens, heads, width // heads).transpose(1, 2)
        query, key, value = split("query"), split("key"), split("value")
        weights = softmax(query @ key.transpose(2, 3) / math.sqrt(width // heads) + bias, -1)
        context = (weights @ value).transpose(1, 2).reshape(batch, tokens, width)
        x = norm(f"{at}.attention.output.LayerNorm", dense(f"{at}.attention.output.dense", context) + x)
        inner = gelu(dense(f"{at}.intermediate.dense", x))
        x = norm(f"{at}.output.LayerNorm", dense(f"{at}.output.dense", inner) + x)
    return linear(torch.tanh(dense("pooler.dense", x[:, 0])), p["heads.weight"], p["heads.bias"])


def rate_of(name):
    layers, decay = config["layers"], settings["layerDecay"]
    if name.startswith("embeddings."):
        return decay ** (layers + 2)
    if name.startswith("pooler."):
        return decay
    if name.startswith("encoder.layer."):
        return decay ** (layers + 1 - int(name.split(".")[2]))
    return 1.0


moments = {name: (torch.zeros_like(value), torch.zeros_like(value)) for name, value in p.items()}
losses = []
total, warmup = given["total"], given["warmup"]
for step, examples in enumerate(given["steps"]):
    longest = max(len(e["ids"]) for e in examples)
    pad = lambda values: torch.tensor([v + [0] * (longest - len(v)) for v in values])
    ids = pad([e["ids"] for e in examples])
    types = pad([e["types"] for e in examples])
    mask = pad([[1.0] * len(e["ids"]) for e in examples])
    found = outputs(ids, types, mask)
    progress = step / total
    loss = 0.0
    for row, e in enumerate(examples):
        own = found[row, e["start"] : e["start"] + len(e["gold"])]
        gold = torch.tensor(e["gold"])
        target = gold if e["teacher"] is None else progress * gold + (1 - progress) * torch.tensor(e["teacher"])
        term = (own[0] - target[0]) ** 2 if e["score"] else -(target * log_softmax(own, -1)).sum()
        loss = loss + e["weight"] * term
    loss.backward()
    losses.append(loss.item())
    norm_all = torch.sqrt(sum((value.grad**2).sum() for value in p.values()))
    scale = min(1.0, settings["clipNorm"] / norm_all.item())
    base = settings["learningRate"] * min(1.0, (step + 1) / warmup) * (1 - step / total)
    with torch.no_grad():
        for name, value in p.items():
            gradient = value.grad * scale
            first, second = moments[name]
            # Words that the step does not hold keep values and moments.
            rows = value.grad.abs().sum(-1) > 0 if name == "embeddings.word_embeddings.weight" else slice(None)
            first[rows] = 0.9 * first[rows] + 0.1 * gradient[rows]
            second[rows] = 0.999 * second[rows] + 0.001 * gradient[rows] ** 2
            update = first[rows] / (second[rows].sqrt() + settings["epsilon"])
            if value.dim() > 1:
                update = update + settings["weightDecay"] * value[rows]
            value[rows] = value[rows] - base * rate_of(name) * update
            value.grad = None

origin = f"torch {torch.__version__}: python bench/reference/finetune_torch.py test/expected/finetune-torch-input.json test/expected/finetune-torch.json"
json.dump({"origin": origin, "losses": losses}, open(sys.argv[2], "w"), indent=1)
open(sys.argv[2], "a").write("\n")
