"""Plain PyTorch + transformers: BertForSequenceClassification fine-tuned on one task, in the given order of examples.

  python bench/reference/finetune_transformers.py request.json      prints {"predictions": [...]} of the dev rows
The request: model (a folder of a BertModel), train and dev (tab-separated, with a header), labels (names), orders (positions
of the training rows, an epoch each), batch, learningRate, layerDecay, maxPieces, seed. Run by `npm run bench -- finetune`.
Optimizer as BERT's: AdamW without bias correction (neither library has it any more), so it is written out here.
"""
import csv, json, sys

import torch
from transformers import AutoTokenizer, BertForSequenceClassification

given = json.load(open(sys.argv[1]))
torch.set_num_threads(1)
torch.manual_seed(given["seed"])


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


train, dev, labels = rows(given["train"]), rows(given["dev"]), given["labels"]
tokenizer = AutoTokenizer.from_pretrained(given["model"])
model = BertForSequenceClassification.from_pretrained(
    given["model"], num_labels=len(labels), hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1
)


def encode(examples):
    texts = [e["sentence1"] for e in examples]
    pairs = [e["sentence2"] for e in examples] if "sentence2" in examples[0] else None
    return tokenizer(texts, pairs, truncation=True, max_length=given["maxPieces"], padding=True, return_tensors="pt")


class BertAdam(torch.optim.Optimizer):
    """Devlin et al.'s AdamWeightDecayOptimizer: no bias correction, decay outside of the moments."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["m"], state["v"] = torch.zeros_like(p), torch.zeros_like(p)
                state["m"].mul_(0.9).add_(p.grad, alpha=0.1)
                state["v"].mul_(0.999).addcmul_(p.grad, p.grad, value=0.001)
                update = state["m"] / (state["v"].sqrt() + 1e-6) + group["decay"] * p
                p.sub_(update, alpha=group["lr"])


layers = model.config.num_hidden_layers


def depth(name):
    if ".embeddings." in name:
        return 0
    if ".layer." in name:
        return int(name.split(".layer.")[1].split(".")[0]) + 1
    return layers + 1 if ".pooler." in name else layers + 2


groups = [
    {
        "params": [p],
        "share": given["layerDecay"] ** (layers + 2 - depth(name)),
        "decay": 0.0 if name.endswith(".bias") or "LayerNorm" in name else 0.01,
    }
    for name, p in model.named_parameters()
]
optimizer = BertAdam(groups, {"lr": 0.0})
batch = given["batch"]
steps = [order[at : at + batch] for order in given["orders"] for at in range(0, len(order), batch)]
warmup = round(0.1 * len(steps))

model.train()
for number, members in enumerate(steps):
    examples = [train[i] for i in members]
    target = torch.tensor([labels.index(e["label"]) for e in examples])
    loss = torch.nn.functional.cross_entropy(model(**encode(examples)).logits, target, reduction="sum")
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    rate = min(1, (number + 1) / warmup) * (1 - number / len(steps))
    for group in optimizer.param_groups:
        group["lr"] = given["learningRate"] * rate * group["share"]
    optimizer.step()
    optimizer.zero_grad()

model.eval()
answers = []
with torch.no_grad():
    for at in range(0, len(dev), 64):
        answers += model(**encode(dev[at : at + 64])).logits.argmax(-1).tolist()
print(json.dumps({"predictions": [labels[i] for i in answers]}))
