"""Makes test/expected/tiny-activations.safetensors: python activations.py TINY_BERT_FOLDER OUT_FILE

The last states of test/expected/tiny-bert with other activations than its own, for the three texts of ids of tiny_bert.py, the
second of which is a pair: tensors gelu_new, gelu_pytorch_tanh and relu, [3, 6, 16].
Made with torch 2.13.0 and transformers 5.23.0.
"""

import sys

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

folder, out = sys.argv[1:]
ids = torch.tensor([[2, 7, 9, 11, 13, 3], [2, 21, 3, 33, 3, 0], [2, 49, 3, 0, 0, 0]])
types = torch.tensor([[0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 0]])
mask = torch.tensor([[1] * 6, [1] * 5 + [0], [1] * 3 + [0] * 3])
states = {}
for name in ["gelu_new", "gelu_pytorch_tanh", "relu"]:
    config = BertConfig.from_pretrained(folder, hidden_act=name, attn_implementation="eager")
    model = BertModel.from_pretrained(folder, config=config).eval()
    with torch.no_grad():
        states[name] = model(ids, attention_mask=mask, token_type_ids=types).last_hidden_state.contiguous()
save_file(states, out)
