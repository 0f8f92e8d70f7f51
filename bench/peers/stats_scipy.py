"""The peer of bench/stats.ts: one JSON request on stdin, {"case", "runs", "x", "y"}; on stdout the median processor seconds
of a call, and its result."""
import json, math, sys, time
import numpy as np
from scipy import stats

request = json.load(sys.stdin)
x, y = np.array(request['x']), np.array(request['y'])
rng = np.random.default_rng(0)

def rank_test():
    return stats.mannwhitneyu(x, y, method='exact').pvalue

def draw(sample, resamples):
    return sample[rng.integers(0, len(sample), (resamples, len(sample)))]

def means(resamples=100_000):
    return np.percentile(draw(x, resamples).mean(1) - draw(y, resamples).mean(1), [2.5, 97.5])[0]

def medians(resamples=100_000):
    return np.percentile(np.median(draw(x, resamples), 1) - np.median(draw(y, resamples), 1), [2.5, 97.5])[0]

def median_test(resamples=10_000):
    observed = np.median(x) - np.median(y)
    gaps = np.median(draw(x, resamples), 1) - np.median(draw(y, resamples), 1) - observed
    return (1 + np.sum(np.abs(gaps) >= abs(observed))) / (resamples + 1)

gap = lambda a, b, axis: a.mean(axis) - b.mean(axis)

def means_scipy():
    return stats.bootstrap((x, y), gap, n_resamples=100_000, method='percentile', rng=rng).confidence_interval.low

def paired_scipy():  # in batches, or it would need a gigabyte; the fastest of 5, 20, 100
    return stats.bootstrap((x, y), gap, paired=True, n_resamples=10_000, batch=100, method='percentile', rng=rng).confidence_interval.low

def recentred(means, observed):
    return (1 + np.sum(np.abs(means - observed) >= abs(observed))) / (len(means) + 1)

def paired_counts(resamples=10_000):
    values, counts = np.unique(x - y, return_counts=True)
    drawn = rng.multinomial(len(x), counts / len(x), resamples)
    return recentred(drawn @ values / len(x), (x - y).mean())

def paired(resamples=10_000, chunk=5):  # few at a time: these arrays stay in the cache, and are not given back to the system
    d = x - y
    return recentred(np.concatenate([draw(d, chunk).mean(1) for _ in range(resamples // chunk)]), d.mean())

action = {'mann-whitney': rank_test, 'means': means, 'means-scipy': means_scipy, 'medians': medians, 'median-test': median_test,
          'paired-counts': paired_counts, 'paired': paired, 'paired-scipy': paired_scipy}[request['case']]
result = action()  # warm
start = time.process_time()
action()
calls = max(1, math.ceil(.02 / max(time.process_time() - start, 1e-6)))
seconds = []
begin = time.monotonic()
while len(seconds) < request['runs'] and (not seconds or time.monotonic() - begin < 20):
    start = time.process_time()
    for _ in range(calls): action()
    seconds.append((time.process_time() - start) / calls)
print(json.dumps({'seconds': float(np.median(seconds)), 'runs': len(seconds), 'result': float(result)}))
