"""Expected values of test/math: python3 -m venv V && V/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
V/bin/python test/expected/statistics.py   (writes metrics.json and statistics.json beside itself)"""
import json, warnings
from pathlib import Path
import numpy as np, scipy, sklearn
from scipy import stats
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

warnings.filterwarnings('ignore')
here = Path(__file__).parent
origin = f'numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}: test/expected/statistics.py'
rng = np.random.default_rng(20260728)
finite = lambda value: 0.0 if np.isnan(value) else float(value)

def write(name, content):
    rows = ',\n'.join(f'{json.dumps(key)}: ' + ('[\n' + ',\n'.join(json.dumps(row, separators=(',', ':')) for row in value) + ']' if isinstance(value, list) else json.dumps(value))
                      for key, value in content.items())
    (here / name).write_text('{' + rows + '}\n')

# --- metrics: labels and predictions are digits of a string; undefined correlations are 0
classification = []
for case in range(120):
    n, k = int(rng.integers(1, 30)), int(rng.integers(2, 5))
    skew = rng.dirichlet(np.full(k, rng.choice([.2, 1, 5])))
    gold = rng.choice(k, n, p=skew)
    predicted = np.where(rng.random(n) < rng.random(), gold, rng.choice(k, n, p=skew))
    classification.append((gold, predicted))
for gold, predicted in [('0', '0'), ('0', '1'), ('1', '1'), ('1111', '1111'), ('0000', '1111'), ('0101', '1111'), ('1111', '0101'), ('0011', '1100'), ('0011', '0011'), ('012', '120')]:
    classification.append((np.array(list(map(int, gold))), np.array(list(map(int, predicted)))))
digits = lambda values: ''.join(map(str, values))
classification = [[digits(g), digits(p), accuracy_score(g, p),
                   float(f1_score(g == 1, p == 1, zero_division=0)), float(matthews_corrcoef(g, p))] for g, p in classification]
correlation = []
for case in range(120):
    n = int(rng.integers(2, 30))
    if case % 3 == 0: x, y = rng.normal(size=n), rng.normal(size=n)
    elif case % 3 == 1: x, y = rng.integers(0, 4, n).astype(float), rng.integers(0, 5, n).astype(float)
    else: x = rng.normal(size=n); y = x * rng.normal() + rng.normal(size=n) * rng.choice([0, .1, 1])
    correlation.append((np.round(x, 3), np.round(y, 3)))
for x, y in [([1], [1]), ([1, 1], [1, 2]), ([.1, .1, .1], [1, 2, 3]), ([1, 2, 3], [3, 2, 1]), ([1, 2], [5, 6]), ([1e200, 2e200, 4e200], [1, 2, 3]), ([1e-200, 2e-200, 4e-200], [1, 2, 3]), ([1e9 + 1, 1e9 + 2, 1e9 + 4], [1, 2, 3]), ([0, 0, 0], [0, 0, 0])]:
    correlation.append((np.array(x, float), np.array(y, float)))
correlation = [[x.tolist(), y.tolist(), finite(stats.pearsonr(x, y).statistic) if len(x) > 1 else 0.0,
                finite(stats.spearmanr(x, y).statistic) if len(x) > 1 else 0.0] for x, y in correlation]
write('metrics.json', {'origin': origin, 'columns': ['labels, predictions, accuracy, f1 of class 1, matthews', 'x, y, pearson, spearman'],
                       'classification': classification, 'correlation': correlation})

# --- tests
sides = ['two-sided', 'less', 'greater']
mann_whitney, wilcoxon, permutation = [], [], []
for case in range(40):
    n, m = int(rng.integers(1, 26)), int(rng.integers(1, 26))
    tied = case % 2 == 1
    x, y = (rng.integers(0, 6, n), rng.integers(1, 8, m)) if tied else (rng.normal(.5, 1, n).round(6), rng.normal(0, 1, m).round(6))
    for side in sides:
        row = {'x': x.tolist(), 'y': y.tolist(), 'alternative': side, 'u': float(stats.mannwhitneyu(x, y).statistic)}
        if not tied: row['exact'] = float(stats.mannwhitneyu(x, y, alternative=side, method='exact').pvalue)
        elif min(n, m) > 1 and n + m <= 18:  # every permutation: exact with ties
            full = lambda a, b, axis: stats.mannwhitneyu(a, b, axis=axis, method='asymptotic').statistic
            row['exact'] = float(stats.permutation_test((x, y), full, vectorized=True, n_resamples=np.inf, alternative=side).pvalue)
        if len(set(x.tolist() + y.tolist())) > 1:
            for continuity in (True, False):
                row[f'asymptotic{"Continuity" if continuity else ""}'] = float(stats.mannwhitneyu(x, y, alternative=side, method='asymptotic', use_continuity=continuity).pvalue)
        mann_whitney.append(row)
for case in range(30):
    n = int(rng.integers(4, 45))
    kind = case % 3  # no ties, ties, ties and zeros
    d = rng.normal(.3, 1, n).round(6) if kind == 0 else rng.integers(1, 6, n) * rng.choice([-1, 1], n, p=[.4, .6]) if kind == 1 else rng.integers(-3, 5, n)
    d = np.where(d == 0, 1, d) if not np.any(d) else d
    for side in sides:
        row = {'d': d.tolist(), 'alternative': side}
        if kind == 0:
            r = stats.wilcoxon(d, alternative=side, method='exact'); row['exact'] = float(r.pvalue)
        elif n <= 14:
            r = stats.wilcoxon(d[d != 0], alternative=side, method=stats.PermutationMethod(n_resamples=np.inf)); row['exact'] = float(r.pvalue)
        for zeros, method in (('drop', 'wilcox'), ('pratt', 'pratt')):
            for continuity in (False, True):
                r = stats.wilcoxon(d, alternative=side, method='asymptotic', zero_method=method, correction=continuity)
                row[f'{zeros}{"Continuity" if continuity else ""}'] = [float(r.statistic), float(r.pvalue)]
        wilcoxon.append(row)
for case in range(12):
    paired = case % 2 == 1
    n = int(rng.integers(2, 8)); m = n if paired else int(rng.integers(2, 7))
    x, y = rng.integers(0, 9, n), rng.integers(0, 9, m)
    for side in sides:
        r = stats.permutation_test((x, y), lambda a, b, axis: np.mean(a, axis=axis) - np.mean(b, axis=axis), vectorized=True, n_resamples=np.inf, alternative=side, permutation_type='samples' if paired else 'independent')
        permutation.append({'x': x.tolist(), 'y': y.tolist(), 'alternative': side, 'paired': paired, 'statistic': float(r.statistic), 'p': float(r.pvalue)})

# --- corrections: SciPy's false_discovery_control; Holm by its definition, in the plainest form
def holm(p):
    order = sorted(range(len(p)), key=lambda i: p[i])
    return [min(1.0, max((len(p) - j) * p[order[j]] for j in range(order.index(i) + 1))) for i in range(len(p))]
corrections = []
for case in range(10):
    p = [float(v) for v in (rng.random(int(rng.integers(1, 12))) ** 3).round(5)]
    corrections.append({'p': p, 'holm': holm(p), 'bh': stats.false_discovery_control(p).tolist(), 'by': stats.false_discovery_control(p, method='by').tolist()})
trimmed = []
for case in range(8):
    values = rng.normal(size=int(rng.integers(1, 30))).round(5)
    trimmed.append([values.tolist(), float(stats.trim_mean(values, .25))])
z = [-37, -10, -5, -1.96, -.5, 0, 1e-9, .3, 1, 2.5758293, 6, 9]
normal = [[v, float(stats.norm.cdf(v)), float(stats.norm.sf(v))] for v in z]
quantiles = [[q, float(stats.norm.ppf(q))] for q in (1e-300, 1e-12, .001, .025, .2, .5, .7, .975, .999, 1 - 1e-12)]
# --- bootstraps: an independent form of our generator, so that SciPy's intervals are of the very same resamples
class Stream:
    def __init__(self, seed):
        import hashlib, struct
        self.s = list(struct.unpack('<4I', hashlib.sha256(f'n{seed}'.encode()).digest()[:16]))
    def word(self):
        s, M = self.s, 0xffffffff
        rotl = lambda x, k: ((x << k) | (x >> (32 - k))) & M
        result, t = rotl(s[1] * 5 & M, 7) * 9 & M, s[1] << 9 & M
        s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = rotl(s[3], 11)
        return result
    def indices(self, n):  # n numbers below n: two tries of 16 bits a word, low half first
        out = []
        while len(out) < n:
            w = self.word()
            out += [h * n >> 16 for h in (w & 0xffff, w >> 16) if (h * n & 0xffff) >= 65536 % n]
        return np.array(out[:n])
class Resampled:  # what scipy.stats.bootstrap takes as an earlier result
    def __init__(self, values): self.bootstrap_distribution = np.array(values)
median_gap = lambda a, b, axis=-1: np.median(a, axis) - np.median(b, axis)
mean_gap = lambda a, b, axis=-1: np.mean(a, axis) - np.mean(b, axis)
intervals, median_tests, paired_tests = [], [], []
for seed in range(12):
    x, y = rng.gamma(2, size=int(rng.integers(5, 15))).round(3), rng.normal(size=int(rng.integers(5, 15))).round(3)
    # sorted, so that a resample that is the sample again has the very same statistic, as ties of z0 need
    name, statistic, data = [('mean', lambda a, axis=-1: np.mean(np.sort(a, axis), axis), [x]), ('variance', lambda a, axis=-1: np.var(np.sort(a, axis), axis), [x]),
                             ('meanGap', lambda a, b, axis=-1: mean_gap(np.sort(a, axis), np.sort(b, axis), axis), [x, y])][seed % 3]
    stream, values, ratios = Stream(seed), [], []
    def jack_error(samples):  # leave-one-out statistics that differ by rounding only have no spread
        total = 0
        for at, s in enumerate(samples):
            j = np.array([statistic(*[np.delete(o, i) if k == at else o for k, o in enumerate(samples)]) for i in range(len(s))])
            total += 0 if np.ptp(j) <= 1e-12 * np.abs(j).max() else (len(s) - 1) / len(s) * np.sum((j - np.mean(j)) ** 2)
        return np.sqrt(total)
    for _ in range(199):
        drawn = [s[stream.indices(len(s))] for s in data]
        values.append(statistic(*drawn))
        if jack_error(drawn) > 0: ratios.append((values[-1] - statistic(*data)) / jack_error(drawn))
    row = {'samples': [s.tolist() for s in data], 'statistic': name, 'seed': seed, 'estimate': float(statistic(*data))}
    for method in ('percentile', 'basic', 'BCa'):
        ci = stats.bootstrap(data, statistic, n_resamples=0, bootstrap_result=Resampled(values), method=method, confidence_level=.9).confidence_interval
        row[method.lower()] = [float(ci.low), float(ci.high)]
    t = np.percentile(ratios, [95, 5])
    row['studentized'] = (statistic(*data) - t * jack_error(data)).tolist()
    intervals.append(row)
    x, y = rng.integers(60, 90, int(rng.integers(3, 9))) / 8, rng.integers(60, 86, int(rng.integers(3, 9))) / 8
    observed, pool, row = median_gap(x, y), np.concatenate([x, y]), {'x': x.tolist(), 'y': y.tolist(), 'seed': seed}
    for null in ('pooled', 'recentred'):
        stream, gaps = Stream(seed), []
        for _ in range(999):
            if null == 'pooled': d = pool[stream.indices(len(pool))]; gaps.append(median_gap(d[:len(x)], d[len(x):]))
            else: a = x[stream.indices(len(x))]; b = y[stream.indices(len(y))]; gaps.append(np.median(a) - np.median(x) - np.median(b) + np.median(y))
        gaps = np.array(gaps)
        row[null] = [float((1 + np.sum(h)) / 1000) for h in (np.abs(gaps) >= abs(observed), gaps <= observed, gaps >= observed)]
    median_tests.append(row)
    d = rng.integers(-8, 12, 25) / 8; stream = Stream(seed)
    means = np.array([d[stream.indices(25)].mean() for _ in range(499)]); T = d.mean()
    paired_tests.append({'d': d.tolist(), 'seed': seed, 'p': [float((1 + np.sum(h)) / 500) for h in (np.abs(means - T) >= abs(T) - 1e-12, means - T <= T + 1e-12, means - T >= T - 1e-12)],
                         'interval': np.percentile(means, [2.5, 97.5]).tolist()})
write('statistics.json', {'origin': origin, 'mannWhitney': mann_whitney, 'wilcoxon': wilcoxon, 'permutation': permutation, 'corrections': corrections,
                          'trimmed': trimmed, 'normal': normal, 'intervals': intervals, 'medianTests': median_tests, 'pairedTests': paired_tests, 'quantiles': quantiles})
