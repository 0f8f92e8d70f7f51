"""Makes test/expected/clustering.json: python clustering.py OUT_FILE

NMI, adjusted Rand index and purity of random and of special partitions, and the inertia that k-means reaches on points
made here. Made with scikit-learn 1.9.1 and numpy 2.4.6.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.metrics.cluster import contingency_matrix

random = np.random.default_rng(8)


def scores(classes, clusters):
    table = contingency_matrix(classes, clusters)
    return {
        "classes": [int(value) for value in classes],
        "clusters": [int(value) for value in clusters],
        "purity": float(table.max(axis=0).sum() / table.sum()),
        "nmi": float(normalized_mutual_info_score(classes, clusters)),
        "ari": float(adjusted_rand_score(classes, clusters)),
    }


partitions = [
    scores([0, 0, 1, 1], [1, 1, 0, 0]),
    scores([0, 0, 0, 0], [0, 1, 2, 3]),
    scores([0, 0, 0, 0], [0, 0, 0, 0]),
    scores([0, 1, 2, 3], [0, 1, 2, 3]),
    scores([0, 0, 1, 1], [0, 1, 0, 1]),
    scores([0], [0]),
]
for rows, classes, clusters in [(12, 3, 4), (60, 5, 5), (60, 2, 9)]:
    truth = random.integers(0, classes, rows)
    noisy = np.where(random.random(rows) < 0.6, truth % clusters, random.integers(0, clusters, rows))
    partitions.append(scores(truth, noisy))

# Rounded, so that the points are the same numbers in both languages.
centres = random.normal(size=(4, 3)) * 3
points = np.round(np.repeat(centres, 15, axis=0) + random.normal(size=(60, 3)), 3).astype(np.float32)
found = KMeans(4, n_init=50, random_state=0).fit(points)
with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "origin": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}: python bench/reference/clustering.py",
            "partitions": partitions,
            "kMeans": {
                "dim": 3,
                "clusters": 4,
                "points": [round(float(value), 3) for value in points.ravel()],
                "inertia": float(found.inertia_),
                "labels": found.labels_.tolist(),
            },
        },
        file,
    )
    file.write("\n")
