"""Makes test/expected/distillation-losses.json: python distillation_losses.py OUT_FILE

Each loss of src/math/distillation-losses.ts as one line of PyTorch, by its own functions where it has them, on random
tensors in float64: inputs, one value per row, and the gradient of sum(values * sin(1 + row)) by the student's input.
Made with torch 2.13.0.
"""

import json
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
B, K, D, C, N, H = 4, 3, 6, 5, 7, 2
T = 2.5
mask = torch.tensor([[1.0] * 7, [1.0] * 4 + [0.0] * 3, [1.0] + [0.0] * 6, [1.0] * 6 + [0.0]])
labels = torch.tensor([0, 3, 4, 1])
share = torch.tensor([[0, .5, .5, 0], [.5, 0, 0, .5], [0, .5, 0, .5], [.5, 0, .5, 0]])
shapes = {"vector": (B, D), "logits": (B, C), "states": (B, N, D), "scores": (B, H, N, N)}


def g(a, b):
    return 1 - F.cosine_similarity(a, b, dim=-1)


def nce(s, t, n):
    return (2 - (g(n, s[:, None]) - g(t, s)[:, None])).sum(1) / (2 * n.shape[1]) + g(t, s)


def masked_mean(x, m):
    return (x * m).flatten(1).sum(1) / m.expand_as(x).flatten(1).sum(1)


negatives = torch.randn(B, K, D)
cases = {
    "cosNce": ("vector", lambda s, t: nce(s, t, negatives)),
    "cosNceWithin": ("vector", lambda s, t: torch.stack([nce(s[i:i + 1], t[i:i + 1], t[share[i] > 0][None])[0] for i in range(B)])),
    "softKl": ("logits", lambda s, t: T**2 * F.kl_div(F.log_softmax(s / T, 1), F.softmax(t / T, 1), reduction="none").sum(1)),
    "softCrossEntropy": ("logits", lambda s, t: F.cross_entropy(s / T, F.softmax(t / T, 1), reduction="none")),
    "logitsSquaredError": ("logits", lambda s, t: F.mse_loss(s, t, reduction="none").mean(1)),
    "patientDistance": ("vector", lambda s, t: F.mse_loss(F.normalize(s), F.normalize(t), reduction="none").sum(1)),
    "tokenSquaredError": ("states", lambda s, t: masked_mean(F.mse_loss(s, t, reduction="none"), mask[:, :, None])),
    "attentionSquaredError": ("scores", lambda s, t: masked_mean(F.mse_loss(s, t, reduction="none"), (mask[:, :, None] * mask[:, None])[:, None])),
    "wordCrossEntropy": ("logits", lambda s, t: F.cross_entropy(s, labels, reduction="none")),
    "cosineDistance": ("vector", lambda s, t: F.cosine_embedding_loss(s, t, torch.ones(B), reduction="none")),
}
found = {}
for name, (shape, loss) in cases.items():
    student = torch.randn(shapes[shape], requires_grad=True)
    teacher = torch.randn(shapes[shape])
    values = loss(student, teacher)
    (values * torch.sin(1 + torch.arange(B))).sum().backward()
    found[name] = {
        "shape": list(student.shape), "student": student.flatten().tolist(), "teacher": teacher.flatten().tolist(),
        "values": values.tolist(), "gradient": student.grad.flatten().tolist(),
    }
origin = {"library": f"torch {torch.__version__.split('+')[0]}", "command": "python bench/reference/distillation_losses.py OUT_FILE"}
common = {"negatives": negatives.flatten().tolist(), "mask": mask.flatten().tolist(), "labels": labels.tolist(), "share": share.flatten().tolist(), "temperature": T}
with open(sys.argv[1], "w") as file:
    json.dump({"origin": origin, **common, "cases": found}, file)
    file.write("\n")
