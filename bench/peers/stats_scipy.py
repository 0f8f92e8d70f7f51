"""The peer of bench/stats.ts: one JSON request on stdin, {"case", "runs", "x", "y"}; the median seconds and p on stdout."""
import json, sys, time
import numpy as np
from scipy import stats

request = json.load(sys.stdin)
x, y = np.array(request['x']), np.array(request['y'])
rng = np.random.default_rng(0)

def rank_test():
    return stats.mannwhitneyu(x, y, method='exact').pvalue

def bootstrap(resamples=100_000):
    a = x[rng.integers(0, len(x), (resamples, len(x)))].mean(1)
    b = y[rng.integers(0, len(y), (resamples, len(y)))].mean(1)
    return np.percentile(a - b, [2.5, 97.5])[0]

def bootstrap_scipy():
    gap = lambda a, b, axis: a.mean(axis) - b.mean(axis)
    return stats.bootstrap((x, y), gap, n_resamples=100_000, method='percentile', rng=rng).confidence_interval.low

def recentred(means, observed):
    return (1 + np.sum(np.abs(means - observed) >= abs(observed))) / (len(means) + 1)

def paired_counts(resamples=10_000):
    values, counts = np.unique(x - y, return_counts=True)
    drawn = rng.multinomial(len(x), counts / len(x), resamples)
    return recentred(drawn @ values / len(x), (x - y).mean())

def paired(resamples=10_000, chunk=100):
    d = x - y
    means = [d[rng.integers(0, len(d), (chunk, len(d)))].mean(1) for _ in range(resamples // chunk)]
    return recentred(np.concatenate(means), d.mean())

action = {'mann-whitney': rank_test, 'bootstrap': bootstrap, 'bootstrap-scipy': bootstrap_scipy,
          'paired-counts': paired_counts, 'paired': paired}[request['case']]
result = action()  # warm
seconds = []
for _ in range(request['runs']):
    start = time.perf_counter()
    action()
    seconds.append(time.perf_counter() - start)
print(json.dumps({'seconds': float(np.median(seconds)), 'runs': len(seconds), 'result': float(result)}))
