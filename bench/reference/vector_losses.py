"""Expected values of src/math/vector-losses.ts by PyTorch: python bench/reference/vector_losses.py > test/expected/vector-losses.json"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(0)
student = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
teacher = F.normalize(torch.randn(4, 5, dtype=torch.float64), dim=1)
temperature = 0.2
s = F.normalize(student, dim=1)
losses = {
    "absolute": F.l1_loss(student, teacher, reduction="none").sum(1),
    "relational": ((s @ s.T - teacher @ teacher.T) ** 2).mean(1),
    "contrastive": F.cross_entropy(s @ teacher.T / temperature, torch.arange(4), reduction="none"),
}
out = {
    "origin": f"torch {torch.__version__}, python bench/reference/vector_losses.py",
    "temperature": temperature,
    "student": student.detach().tolist(),
    "teacher": teacher.tolist(),
}
for name, values in losses.items():
    (gradient,) = torch.autograd.grad(values.mean(), student, retain_graph=True)
    out[name] = {"values": values.tolist(), "gradient": gradient.tolist()}
print(json.dumps(out, indent=1))
