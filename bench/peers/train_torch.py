"""Training steps in PyTorch with fused Adam: python train_torch.py '{"model": "student", "batch": 32, ...}' -> one JSON line.

With "runs": one step, timed; "compiled": 1 through torch.compile. With "seeds" and "steps": that many trainings, one after another.
"""

import json
import re
import statistics
import sys
import time
from types import SimpleNamespace

import torch
from torch import nn
from torch.nn import functional

s = SimpleNamespace(**json.loads(sys.argv[1]))
torch.set_num_threads(s.threads)
torch.manual_seed(0)
torch.set_flush_denormal(True)


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(s.vocabulary, s.embedding)
        self.lstm = nn.LSTM(s.embedding, s.hidden, bidirectional=True, batch_first=True)
        self.output = nn.Linear(2 * s.hidden, s.width)
        self.weights = torch.full((s.batch, s.tokens), 1 / s.tokens)
        self.teacher = torch.randn(s.batch, s.width)

    def forward(self, ids):
        states, _ = self.lstm(self.embedding(ids))
        vectors = self.output((states * self.weights[..., None]).sum(1))
        return (1 - functional.cosine_similarity(vectors, self.teacher)).mean()


class Layer(nn.Module):
    """A post-norm layer of BERT, with PyTorch's own fused attention."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.joined = (nn.Linear(s.width, s.width) for _ in range(4))
        self.inner, self.outer = nn.Linear(s.width, s.inner), nn.Linear(s.inner, s.width)
        self.norms = nn.ModuleList(nn.LayerNorm(s.width, eps=s.epsilon) for _ in range(2))

    def forward(self, x, bias):
        heads = [part(x).view(s.batch, s.tokens, s.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value)]
        context = functional.scaled_dot_product_attention(*heads, attn_mask=bias).transpose(1, 2)
        x = self.norms[0](self.joined(context.reshape(s.batch, s.tokens, s.width)) + x)
        return self.norms[1](self.outer(functional.gelu(self.inner(x))) + x)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.places, self.types = (nn.Embedding(rows, s.width) for rows in (s.vocabulary, s.positions, 2))
        self.norm = nn.LayerNorm(s.width, eps=s.epsilon)
        self.layers = nn.ModuleList(Layer() for _ in range(s.layers))
        self.bias = torch.zeros(s.batch, 1, 1, s.tokens)
        self.teacher = torch.randn(s.batch, s.tokens, s.width)

    def forward(self, ids):
        x = self.norm(self.words(ids) + self.places.weight[: s.tokens] + self.types.weight[0])
        for layer in self.layers:
            x = layer(x, self.bias)
        return functional.mse_loss(x, self.teacher)


ids = torch.randint(1, s.vocabulary, (s.batch, s.tokens))


def training():
    """A new model and its optimizer: a function that does one step."""
    model = {"student": Student, "encoder": Encoder}[s.model]()
    rule = torch.optim.Adam if s.model == "student" else torch.optim.AdamW
    optimizer = rule(model.parameters(), 1e-3, fused=True)
    forward = torch.compile(model) if getattr(s, "compiled", 0) else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = forward(ids)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return step


def time_steps():
    step = training()
    start = time.perf_counter()
    step()
    first = (time.perf_counter() - start) * 1e3
    for _ in range(2):
        step()
    wall, cpu = [], time.process_time()
    for _ in range(s.runs):
        start = time.perf_counter()
        step()
        wall.append((time.perf_counter() - start) * 1e3)
    # Not ru_maxrss: a process begins with the largest of the one that started it.
    megabytes = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) / 1024
    cpu_ms = (time.process_time() - cpu) * 1e3 / s.runs
    return {"ms": statistics.median(wall), "cpuMs": cpu_ms, "firstMs": first, "megabytes": megabytes}


def time_seeds():
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(s.seeds):
        step = training()
        for _ in range(s.steps):
            step()
    return {"seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - cpu}


measured = time_seeds() if hasattr(s, "seeds") else time_steps()
print(json.dumps({"version": torch.__version__, **measured}))
