"""Makes test/expected/tiny-bert: python tiny_bert.py OUT_FOLDER

A BERT of 2 layers with random weights, with pooler, masked-word head and a head of 3 labels, and what PyTorch computes with it
for three texts of ids (one padded) and token types: states, pooled, mlm and labels in outputs.safetensors, with the gradients of
  loss = sum(states * w) / 10 + cross entropy of the label head + cross entropy of all masked-word predictions at real tokens
(w[i] = sin(i) over the flattened states, labels 0 1 2, targets = ids) by all weights in gradients.safetensors, named "d NAME".
Made with torch 2.13.0 and transformers 5.23.0.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification

torch.manual_seed(7)
out = pathlib.Path(sys.argv[1])
config = BertConfig(
    vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
    max_position_embeddings=12, type_vocab_size=2, num_labels=3, initializer_range=0.3,
    hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, architectures=["BertForSequenceClassification"],
)
config._attn_implementation = "eager"
labels = BertForSequenceClassification(config)
masked = BertForMaskedLM(config)
with torch.no_grad():
    for name, parameter in [*labels.named_parameters(), *masked.named_parameters()]:
        if name.endswith("bias") or "LayerNorm" in name:
            parameter.add_(torch.randn_like(parameter) * 0.1)
masked.bert.load_state_dict(labels.bert.state_dict(), strict=False)
for module in (labels.bert, masked.bert):
    pass
ids = torch.tensor([[2, 7, 9, 11, 13, 3], [2, 21, 3, 33, 3, 0], [2, 49, 3, 0, 0, 0]])
types = torch.tensor([[0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 0]])
mask = torch.tensor([[1] * 6, [1] * 5 + [0], [1] * 3 + [0] * 3])
labels.train(), masked.train()
masked.bert = labels.bert  # one encoder, so that gradients add up
masked.cls.predictions.decoder.weight = labels.bert.embeddings.word_embeddings.weight
inside = dict(input_ids=ids, attention_mask=mask, token_type_ids=types)
base = labels.bert(**inside)
states = base.last_hidden_state
logits = labels.classifier(base.pooler_output)
mlm = masked.cls(states)
real = mask.bool()
weights = torch.sin(torch.arange(states.numel(), dtype=torch.float32)).reshape(states.shape) * mask[:, :, None]
loss = (
    (states * weights).sum() / 10
    + torch.nn.functional.cross_entropy(logits, torch.tensor([0, 1, 2]))
    + torch.nn.functional.cross_entropy(mlm[real], ids[real])
)
loss.backward()
tensors = {name: p for name, p in labels.named_parameters()}
tensors.update({n: p for n, p in masked.cls.named_parameters(prefix="cls") if "decoder" not in n})
names = {n: n for n in tensors}
out.mkdir(parents=True, exist_ok=True)
save_file({n: p.detach().contiguous().clone() for n, p in tensors.items()}, out / "model.safetensors", {"format": "pt"})
save_file(
    {"states": states.detach(), "pooled": base.pooler_output.detach(), "labels": logits.detach(), "mlm": mlm.detach(), "loss": loss.detach().reshape(1)},
    out / "outputs.safetensors",
)
save_file({f"d {n}": p.grad.contiguous().clone() for n, p in tensors.items() if p.grad is not None}, out / "gradients.safetensors")
config.to_json_file(out / "config.json")
