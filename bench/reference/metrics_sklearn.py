"""Accuracy, F1, Matthews, Pearson and Spearman of 1,000 random and degenerate cases by scikit-learn and SciPy.

  python bench/reference/metrics_sklearn.py > test/expected/metrics-1000.json
The cases are drawn by a generator of one line, so that test/tasks/metrics.test.ts draws the same and only values are kept.
Undefined correlations are 0, as GLUE's are (BERT-tiny's CoLA of 0.0).
"""
import json, sys, warnings

import scipy
import sklearn
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

warnings.filterwarnings("ignore")
state = 1


def draw(below):
    """Park and Miller's minimal standard generator: state * 48271 mod 2^31 - 1."""
    global state
    state = state * 48271 % 2147483647
    return state % below


def column(kind, length, values):
    """0: all alike, 1: two values, 2: many ties, 3: any of the values."""
    spread = [1, 2, 4, values][kind]
    return [draw(spread) for _ in range(length)]


cases = []
for at in range(1000):
    length = 1 + draw(40)
    kinds = [draw(4), draw(4)]
    is_labels = at % 2 == 0
    x, y = (column(kind, length, 5 if is_labels else 1000) for kind in kinds)
    if draw(4) == 0:
        y = list(x)
    if is_labels:
        cases.append([accuracy_score(x, y), f1_score([v == 1 for v in x], [v == 1 for v in y], zero_division=0), matthews_corrcoef(x, y)])
    else:
        undefined = len(set(x)) == 1 or len(set(y)) == 1
        cases.append([0, 0] if undefined else [pearsonr(x, y).statistic, spearmanr(x, y).statistic])

origin = f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}: python bench/reference/metrics_sklearn.py"
rows = ",\n".join(json.dumps([float(v) for v in case]) for case in cases)
sys.stdout.write('{"origin": ' + json.dumps(origin) + ',\n"cases": [\n' + rows + "\n]}\n")
