"""Expected values of linear models and TF-IDF features: V/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
V/bin/python test/expected/linear-models.py   (writes linear-models.json beside itself)"""
import json
from pathlib import Path
import numpy as np, sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge

rng = np.random.default_rng(5)
def logistic(classes, n, width, c):
    x = rng.normal(size=(n, width)).round(3); x[rng.random(x.shape) < .4] = 0
    y = (x @ rng.normal(size=(width, classes)) + rng.gumbel(size=(n, classes)) + ([.7] + [0] * (classes - 1))).argmax(1)
    m = LogisticRegression(C=c, tol=1e-10, max_iter=10000).fit(x, y)
    return {'x': x.tolist(), 'y': y.tolist(), 'classes': classes, 'c': c, 'coefficients': m.coef_.tolist(), 'intercepts': m.intercept_.tolist(),
            'probabilities': m.predict_proba(x[:5]).tolist()}
def ridge(n, width, alpha):
    x = (rng.normal(size=(n, width)) + 2).round(3); x[rng.random(x.shape) < .4] = 0
    y = (x @ rng.normal(size=width) + rng.normal(size=n) + 3).round(3)
    m = Ridge(alpha=alpha, solver='svd').fit(x, y)
    return {'x': x.tolist(), 'y': y.tolist(), 'alpha': alpha, 'coefficients': m.coef_.tolist(), 'intercept': float(m.intercept_)}
texts = ['the cat sat on the mat', 'the dog chased the cat', 'a bird sang', 'on the mat sat a bird', 'the the the dog']
unseen = 'a dog and the cat sang the song'
def tfidf(ngrams):
    v = TfidfVectorizer(ngram_range=ngrams, sublinear_tf=True, token_pattern=r'(?u)\b\w+\b').fit(texts)
    names = v.get_feature_names_out(); row = v.transform([unseen]).tocoo()
    return {names[j]: float(d) for j, d in zip(row.coords[1], row.data)}
Path(__file__).with_suffix('.json').write_text(json.dumps({
    'origin': f'numpy {np.__version__}, scikit-learn {sklearn.__version__}: test/expected/linear-models.py',
    'logistic': [logistic(2, 40, 6, 1.0), logistic(3, 45, 5, .3), logistic(4, 60, 8, 30.0), logistic(2, 12, 20, 3.0)],
    'ridge': [ridge(40, 6, .5), ridge(15, 25, 3.0)],
    'texts': texts, 'unseen': unseen, 'unigrams': tfidf((1, 1)), 'bigrams': tfidf((1, 2))}) + '\n')
