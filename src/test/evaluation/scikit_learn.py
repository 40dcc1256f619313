"""Computes with scikit-learn and SciPy what `models evaluate` reports of the same predictions.

Reads {"actual": [...], "scores": [[...]], "bins": n} from standard input, and prints JSON.
"""
import json
import sys

import numpy as np
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
    top_k_accuracy_score,
)

given = json.load(sys.stdin)
actual = np.array(given["actual"])
scores = np.array(given["scores"], dtype=np.float64)
classes = np.arange(scores.shape[1])
predicted = scores.argmax(axis=1)
best = scores.max(axis=1)
right = predicted == actual
used = sorted(set(actual) | set(predicted))


def figures(average):
    values = precision_recall_fscore_support(actual, predicted, labels=used, average=average, zero_division=0)
    return [list(v) if average is None else float(v) for v in values[:3]]


share, mean = calibration_curve(right, best, n_bins=given["bins"])
edges = np.linspace(0, 1, given["bins"] + 1)
counts = np.bincount(np.searchsorted(edges[1:-1], best), minlength=given["bins"])
counts = counts[counts > 0]
print(json.dumps({
    "top_1": float(accuracy_score(actual, predicted)),
    "top_5": float(top_k_accuracy_score(actual, scores, k=min(5, len(classes) - 1), labels=classes)),
    "classes": [list(map(float, v)) for v in figures(None)],
    "macro": figures("macro"),
    "weighted": figures("weighted"),
    "confusion": confusion_matrix(actual, predicted, labels=classes).tolist(),
    "log_loss": float(log_loss(actual, scores, labels=classes)),
    "brier": float(np.mean(np.sum((scores - np.eye(len(classes))[actual]) ** 2, axis=1))),
    "curve_share": share.tolist(),
    "curve_score": mean.tolist(),
    "ece": float(np.sum(counts * np.abs(share - mean)) / len(actual)),
    "mcnemar": [[b, c, float(binomtest(min(b, c), b + c).pvalue)] for b, c in given["differing"]],
}))
