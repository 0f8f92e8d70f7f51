"""Expected values of encoders, from PyTorch: python encoder_expected.py MODEL_FOLDER OUT.safetensors [PREFIX]

Reads test/expected/encoder-sentences.json and writes
  states   [sentence, 32]  the last hidden state of sentence i at token (31k + 7i) % tokens, dim (97k + 13i) % width
  mean     [20, width]     mean-pooled vectors of the first 10 and last 10 sentences
  tokens   [sentence]      how many pieces each sentence has
Made with torch 2.13.0, transformers 5.23.0, tokenizers 0.23.3, each sentence by itself (no padding), float32.
"""

import json
import pathlib
import sys

import numpy
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from transformers import AutoModel

folder, out = sys.argv[1:3]
prefix = sys.argv[3] if len(sys.argv) > 3 else ""
here = pathlib.Path(__file__).parent
sentences = json.loads((here / "../../test/expected/encoder-sentences.json").read_text())
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
tokenizer.no_padding()
tokenizer.no_truncation()
model = AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
samples, means, tokens, whole = [], [], [], []
for i, sentence in enumerate(sentences):
    ids = tokenizer.encode(prefix + sentence).ids[:256]
    with torch.no_grad():
        states = model(torch.tensor([ids])).last_hidden_state[0]
    n, width = states.shape
    samples.append([states[(31 * k + 7 * i) % n, (97 * k + 13 * i) % width].item() for k in range(32)])
    tokens.append(n)
    whole.append(states.numpy())
    if i < 10 or i >= len(sentences) - 10:
        means.append(states.mean(0).tolist())
save_file(
    {
        "states": numpy.array(samples, dtype=numpy.float32),
        "mean": numpy.array(means, dtype=numpy.float32),
        "tokens": numpy.array(tokens, dtype=numpy.float32),
    },
    out,
)
if len(sys.argv) > 4:  # every number, for a comparison that is too large to commit
    save_file({str(i): states for i, states in enumerate(whole)}, sys.argv[4])
