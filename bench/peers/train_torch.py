"""One training step of the student in PyTorch (eager, fused Adam): python train_torch.py '{"batch": 32, ...}' -> one JSON line."""

import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

settings = json.loads(sys.argv[1])
batch, tokens, threads, runs = (settings[name] for name in ("batch", "tokens", "threads", "runs"))
vocabulary, embedding, hidden, width = (settings[name] for name in ("vocabulary", "embedding", "hidden", "width"))
torch.set_num_threads(threads)
torch.manual_seed(0)
torch.set_flush_denormal(True)


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, bidirectional=True, batch_first=True)
        self.output = nn.Linear(2 * hidden, width)

    def forward(self, ids, weights):
        states, _ = self.lstm(self.embedding(ids))
        return self.output((states * weights[..., None]).sum(1))


student = Student()
optimizer = torch.optim.Adam(student.parameters(), 1e-3, fused=True)
ids = torch.randint(1, vocabulary, (batch, tokens))
weights = torch.full((batch, tokens), 1 / tokens)
teacher = torch.randn(batch, width)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = (1 - functional.cosine_similarity(student(ids, weights), teacher)).mean()
    loss.backward()
    nn.utils.clip_grad_norm_(student.parameters(), 1.0)
    optimizer.step()
    return loss.item()


for _ in range(3):
    step()
wall, cpu = [], time.process_time()
for _ in range(runs):
    start = time.perf_counter()
    step()
    wall.append((time.perf_counter() - start) * 1e3)
cpu = (time.process_time() - cpu) * 1e3 / runs
print(json.dumps({"version": torch.__version__, "ms": statistics.median(wall), "cpuMs": cpu}))
