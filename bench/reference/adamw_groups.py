"""Expected values of test/engine/optimizer.test.ts: python adamw_groups.py > test/expected/adamw-groups-torch.json (torch 2.13.0)."""

import json

import torch

torch.manual_seed(5)
steps, total, warmup, parts = 10, 10, 3, 2
names = ["embeddings.table", "encoder.layer.0.weight", "encoder.layer.0.bias", "encoder.layer.1.weight", "classifier.weight"]
shapes = [(6, 3), (3, 3), (3,), (3, 3), (3, 2)]
p = {name: torch.nn.Parameter(torch.randn(shape) * 0.7) for name, shape in zip(names, shapes)}
start = {name: value.detach().flatten().tolist() for name, value in p.items()}
rates = dict(zip(names, [0.7**3, 0.7**2, 0.7**2, 0.7, 1.0]))
groups = [{"params": [p[n]], "lr": 0.05 * rates[n], "weight_decay": 0.1 if p[n].ndim > 1 else 0.0} for n in names]
optimizer = torch.optim.AdamW(groups, betas=(0.85, 0.97), eps=1e-7)


def factor(step):
    return min(1, (step + 1) / warmup) * max(0.05, 1 - step / total)


schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
# Every row in each step: rows that are not looked up are where lazy Adam and this one part.
ids = torch.stack([torch.cat([torch.randperm(6), torch.randint(6, (2,))]) for _ in range(steps * parts)])
targets = torch.randn(steps * parts, 8, 2)
losses = []
for step in range(steps):
    optimizer.zero_grad()
    total_loss = 0
    for part in range(parts):
        at = step * parts + part
        x = p[names[0]][ids[at]]
        x = torch.tanh(x @ p[names[1]] + p[names[2]])
        x = torch.tanh(x @ p[names[3]])
        loss = ((x @ p[names[4]] - targets[at]) ** 2).mean() * 3 / parts
        loss.backward()
        total_loss += loss.item()
    norm = torch.nn.utils.clip_grad_norm_(p.values(), 3.3)
    losses.append([total_loss, norm.item()])
    optimizer.step()
    schedule.step()
end = {name: value.detach().flatten().tolist() for name, value in p.items()}
origin = f"bench/reference/adamw_groups.py, torch {torch.__version__}: AdamW groups, LambdaLR warmup, 2 accumulated batches, clip 3.3"
print(json.dumps({"origin": origin, "start": start, "ids": ids.tolist(), "targets": targets.flatten(1).tolist(), "losses": losses, "end": end}))
