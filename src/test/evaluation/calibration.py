"""Fits with SciPy and NumPy what `models calibrate` fits to the same outputs and vectors.

Reads {"fitted": {"actual": [...], "logits": [[...]]}, "held": the same, "bins": n, "precision": p,
"train": {"actual": [...], "vectors": [[...]]}, "test": [[...]], "directions": k, "by_class": bool} from standard input,
and prints JSON.
"""
import json
import sys

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from scipy.stats import binomtest
from sklearn.metrics import log_loss

given = json.load(sys.stdin)


def half(name):
    return np.array(given[name]["actual"]), np.array(given[name]["logits"], dtype=np.float64)


def negative_log_likelihood(actual, logits):
    return -log_softmax(logits, axis=1)[np.arange(len(actual)), actual].mean()


def error(actual, scores):
    best, right = scores.max(1), scores.argmax(1) == actual
    edges = np.linspace(0, 1, given["bins"] + 1)
    which = np.searchsorted(edges[1:-1], best)
    return sum((which == b).mean() * abs(best[which == b].mean() - right[which == b].mean()) for b in set(which))


def lower(right):
    return binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson").low


def least(scores, right):
    """The least score such that of those with it or more the share is right, by Wilson's lower bound; 2 if no score gives it."""
    kept = [s for s in np.unique(scores) if lower(right[scores >= s]) >= given["precision"]]
    return float(min(kept)) if kept else 2.0


def distances():
    """Mahalanobis distances to the nearest class of vectors of length 1, with probabilistic principal components."""
    classes = np.array(given["train"]["actual"])
    x, test = (np.array(v, dtype=np.float32).astype(np.float64) for v in (given["train"]["vectors"], given["test"]))
    x, test = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (x, test))
    mean, k = x.mean(0), given["directions"]
    x, test = x - mean, test - mean
    values, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
    basis = vectors[:, ::-1][:, :k]
    residual = values[::-1][k:].mean() if k < len(values) else 0
    groups = classes if given["by_class"] else np.zeros_like(classes)
    names = np.unique(groups)
    z = x @ basis
    centres = np.stack([z[groups == name].mean(0) for name in names])
    rest = z - centres[np.searchsorted(names, groups)]
    covariance = rest.T @ rest / (len(z) - len(names))
    covariance = 0.95 * covariance + 0.05 * np.trace(covariance) / k * np.eye(k)
    away = (test @ basis)[:, None] - centres
    inside = np.einsum("nci,ij,ncj->nc", away, np.linalg.inv(covariance), away).min(1)
    outside = np.square(test).sum(1) - np.square(test @ basis).sum(1)
    return np.sqrt(inside + (outside / residual if residual else 0))


actual, logits = half("fitted")
held_actual, held_logits = half("held")
found = minimize_scalar(
    lambda t: negative_log_likelihood(actual, logits / np.exp(t)),
    bounds=(np.log(0.05), np.log(20)),
    method="bounded",
    options={"xatol": 1e-9},
)
temperature = float(np.exp(found.x))
rounded = round(temperature, 4)
scores = softmax(logits / rounded, axis=1)
said, best, right = scores.argmax(1), scores.max(1), scores.argmax(1) == actual
held = softmax(held_logits / rounded, axis=1)
ordered = np.sort(scores, axis=1)
print(json.dumps({
    "distances": list(distances()),
    "margin": least(ordered[:, -1] - ordered[:, -2], right),
    "temperature": temperature,
    "threshold": least(best, right),
    "classes": {int(c): least(best[said == c], right[said == c]) for c in set(said) if (said == c).sum() >= 20},
    "before": {"ece": error(held_actual, softmax(held_logits, axis=1)),
               "log_loss": log_loss(held_actual, softmax(held_logits, axis=1), labels=range(logits.shape[1]))},
    "after": {"ece": error(held_actual, held),
              "log_loss": log_loss(held_actual, held, labels=range(logits.shape[1]))},
}))
