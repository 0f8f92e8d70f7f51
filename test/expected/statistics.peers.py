"""Expected values of test/math from statsmodels, rliable, scikit-posthocs and SciPy: python3 -m venv V && V/bin/pip install
numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0 "pandas<3" rliable==1.2.0 scikit-posthocs==0.17.1 deepsig==1.2.8
V/bin/python -P test/expected/statistics.peers.py   (writes statistics.peers.json beside itself; -P keeps statistics.py out of
the way of the module of that name)"""
import json, warnings
from pathlib import Path
import numpy as np, scipy, statsmodels, scikit_posthocs, deepsig
from importlib.metadata import version
from scipy import special, stats
from scipy.optimize import brentq
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.power import TTestIndPower
from rliable import library, metrics

warnings.filterwarnings('ignore')
rng = np.random.default_rng(20261122)
names = ('numpy', 'scipy', 'statsmodels', 'rliable', 'scikit-posthocs', 'deepsig')
out = {'origin': ', '.join(f'{n} {version(n)}' for n in names) + ': test/expected/statistics.peers.py'}
floats = lambda values: [float(v) for v in values]

# --- distributions
out['student'] = [[t, df, float(stats.t.sf(t, df))] for t in (-3, -.2, 0, 1e-3, .5, 1.7, 4, 12, 80) for df in (1, 2, 3.7, 8, 38, 500.5)]
out['studentQuantile'] = [[q, df, float(stats.t.isf(q, df))] for q in (1e-10, .001, .025, .3, .5, .9) for df in (1, 2.5, 8, 38, 1000)]
out['fTail'] = [[f, a, b, float(stats.f.sf(f, a, b))] for f in (.01, .5, 1, 3.3, 20, 300) for a, b in ((1, 1), (2, 18), (4, 76), (9, 3))]
out['chiSquare'] = [[x, df, float(stats.chi2.sf(x, df))] for x in (1e-6, .3, 2, 9.5, 40, 300) for df in (1, 2, 3, 4, 7, 10, 31)]
out['range'] = [[q, k, float(stats.studentized_range.sf(q, k, np.inf))] for q in (.05, .5, 2, 3.31, 5, 7) for k in (2, 3, 5, 10)]
out['elementary'] = [[x, float(np.exp(x)), float(np.log(abs(x) + 1e-3)), float(special.gammaln(abs(x) + 1e-3))] for x in (-700, -50.25, -1, -1e-9, 0, 1e-5, .4, 1, 1.0000001, 9.7, 33, 500.5, 709)]
out['binomial'] = [[k, n, p, float(stats.binom.sf(k - 1, n, p)), float(stats.binom.cdf(k - 1, n, p))] for k, n, p in ((0, 5, .3), (3, 5, .3), (5, 5, .01), (9, 9, .999), (40, 60, .5), (700, 1000, .5), (3, 5000, .001), (6, 5, .2))]

# --- effect sizes: statsmodels' Brunner-Munzel interval; Newcombe's by root finding
def newcombe(x, y, confidence):
    n, m = len(x), len(y)
    a = np.mean([(u > v) + .5 * (u == v) for u in x for v in y]); z = stats.norm.isf((1 - confidence) / 2); h = (n + m) / 2 - 1
    gap = lambda t: (a - t) ** 2 - z * z * t * (1 - t) * (1 + h * (1 - t) / (2 - t) + h * t / (1 + t)) / (n * m)
    # shrunk, so that neither end is the root that both sides share at a = 0 and a = 1
    return [float(a), 0. if a == 0 else float(brentq(gap, 0, a, xtol=1e-15)) if a < 1 else float(brentq(gap, 0, 1 - 1e-9, xtol=1e-15)),
            1. if a == 1 else float(brentq(gap, a, 1, xtol=1e-15)) if a > 0 else float(brentq(gap, 1e-9, 1, xtol=1e-15))]
effects = []
for case in range(24):
    n, m = int(rng.integers(2, 25)), int(rng.integers(2, 25))
    x, y = (rng.normal(.6, 1, n).round(3), rng.normal(size=m).round(3)) if case % 2 else (rng.integers(0, 7, n), rng.integers(0, 5, m))
    if case == 0: x, y = np.array([5, 6, 7, 8, 9]), np.array([1, 2, 3, 4, 0])
    row = {'x': x.tolist(), 'y': y.tolist(), 'newcombe': newcombe(x, y, .95), 'newcombe80': newcombe(x, y, .8)}
    r = rank_compare_2indep(x, y)
    if r.var_prob > 0: row['brunnerMunzel'] = floats([r.prob1, *r.conf_int(alpha=.05)])
    effects.append(row)
out['effects'] = effects

# --- McNemar: [b, c, exact, with continuity, without]
out['mcnemar'] = [[b, c, *[float(mcnemar([[20, b], [c, 30]], **k).pvalue) for k in ({'exact': True}, {'exact': False, 'correction': True}, {'exact': False, 'correction': False})]]
                  for b, c in ((1, 0), (0, 5), (3, 9), (12, 11), (40, 22), (120, 80), (7, 7))]

# --- Friedman, Iman-Davenport, Nemenyi
friedman = []
for case in range(12):
    n, k = int(rng.integers(3, 15)), int(rng.integers(3, 7))
    s = rng.normal(np.arange(k) * .5, 1, (n, k)).round(4) if case % 2 else rng.integers(0, 5, (n, k)) + np.arange(k) // 2
    chi, p = stats.friedmanchisquare(*s.T)
    f = (n - 1) * chi / (n * (k - 1) - chi)
    friedman.append({'scores': s.tolist(), 'statistic': float(chi), 'p': float(p), 'f': float(f), 'pOfF': float(stats.f.sf(f, k - 1, (k - 1) * (n - 1))),
                     'nemenyi': scikit_posthocs.posthoc_nemenyi_friedman(s).values.tolist(),
                     'criticalDifference': float(stats.studentized_range.isf(.05, k, np.inf) / np.sqrt(2) * np.sqrt(k * (k + 1) / (6 * n)))})
out['friedman'] = friedman

# --- corrections, by statsmodels; Fisher's combination by SciPy
out['corrections'] = [{'p': p, **{name: floats(multipletests(p, method=name)[1]) for name in ('holm', 'fdr_bh', 'fdr_by')}}
                      for p in ([float(v) for v in (rng.random(int(rng.integers(1, 15))) ** 3).round(6)] for _ in range(10))]
replicability = []
for case in range(10):
    p = sorted(float(v) for v in (rng.random(int(rng.integers(2, 9))) ** 4).round(6) + 1e-6)
    n = len(p)
    partial = {'bonferroni': [min(1., (n - u) * p[u]) for u in range(n)], 'fisher': [float(stats.combine_pvalues(p[u:], 'fisher').pvalue) for u in range(n)]}
    shuffled = [float(v) for v in rng.permutation(p)]
    count = lambda rows: next((u for u, v in enumerate(rows) if v > .05), n)
    replicability.append({'p': shuffled, **partial, 'counts': [count(partial['bonferroni']), count(partial['fisher'])], 'tasks': np.flatnonzero(multipletests(shuffled, .05, 'holm')[0]).tolist()})
out['replicability'] = replicability

# --- power of the t test
power = TTestIndPower()
out['power'] = [[n, m, d, alpha, float(power.power(d, n, alpha, m / n))] for n, m, d, alpha in ((20, 20, .5, .05), (20, 20, .8, .05), (20, 20, 1, .05), (5, 5, 1, .05), (2, 2, 3, .05), (2, 1, 1, .05), (5, 20, .7, .01), (64, 64, .5, .05), (20, 20, 0, .05), (20, 20, 1, .005))]
out['detectable'] = [[n, target, float(power.solve_power(None, n, .05, target))] for n, target in ((5, .8), (10, .8), (20, .8), (20, .9), (64, .8))]

# --- rliable: scores [task][run]; its tables are [run, task]
tables = [rng.beta(5 + i, 3, (runs, tasks)).round(4) for i, (runs, tasks) in enumerate(((20, 4), (5, 3), (8, 1), (11, 6)))]
rows = []
for table in tables:
    other = rng.beta(5, 3.3, table.shape).round(4)
    taus = [.2, .45, .6, .61, .75, .9]
    row = {'scores': table.T.tolist(), 'other': other.T.tolist(), 'taus': taus, 'iqm': float(metrics.aggregate_iqm(table)), 'mean': float(metrics.aggregate_mean(table)), 'median': float(metrics.aggregate_median(table)),
           'gap': float(metrics.aggregate_optimality_gap(table, .8)), 'improvement': float(metrics.probability_of_improvement(table, other)),
           'profile': floats(library.create_performance_profile({'a': table}, np.array(taus), reps=20)[0]['a'])}
    point = lambda s: np.array([metrics.aggregate_iqm(s)])
    _, ci = library.get_interval_estimates({'a': table}, point, reps=20_000)
    row['iqmInterval'] = floats(ci['a'][:, 0])
    _, ci = library.get_interval_estimates({'a': (table, other)}, lambda s, o: np.array([metrics.probability_of_improvement(s, o)]), reps=4000)
    row['improvementInterval'] = floats(ci['a'][:, 0])
    rows.append(row)
out['rliable'] = rows

# --- ASO: the exact integral for equal sizes; deepsig's bound, which is drawn and on a grid
aso = []
for case in range(8):
    n = int(rng.integers(3, 30)); x, y = np.sort(rng.normal(.4, 1, n)).round(4), np.sort(rng.normal(0, 1.3, n)).round(4)
    gap = y - x
    aso.append({'x': rng.permutation(x).tolist(), 'y': rng.permutation(y).tolist(), 'violation': float(np.sum(np.maximum(gap, 0) ** 2) / np.sum(gap ** 2)),
                'deepsig': float(deepsig.aso(x, y, confidence_level=.95, num_bootstrap_iterations=1000, dt=.002, seed=1, show_progress=False, num_jobs=1))})
out['aso'] = aso

# --- the distribution of the median of a resample: every resample taken, exactly (counts of 1/s^draws)
medians = []
for sample, draws in (([3, 1, 2], 3), ([1, 5, 2, 4], 4), ([0, 0, 1, 7, 2], 5), ([2, 9, 4], 4), ([6, 1, 8, 3, 5, 5], 6), ([1, 2, 3, 4, 5, 6, 7], 3), ([4], 3), ([4, 6], 2)):
    grid = np.array(np.meshgrid(*[sample] * draws)).reshape(draws, -1)
    values, counts = np.unique(np.median(grid, 0), return_counts=True)
    medians.append({'sample': sample, 'draws': draws, 'values': floats(values), 'counts': [int(c) for c in counts]})
out['medians'] = medians

rows = ',\n'.join(f'{json.dumps(key)}: ' + ('[\n' + ',\n'.join(json.dumps(row, separators=(',', ':')) for row in value) + ']' if isinstance(value, list) else json.dumps(value)) for key, value in out.items())
(Path(__file__).parent / 'statistics.peers.json').write_text('{' + rows + '}\n')
