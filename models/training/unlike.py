"""Measures tests that tell photos of other things from flowers, by what the exported network computes.

A test gives each photo a number, and keeps the photos above a threshold: the one above which 90 % of one half
of the validation photos are. Printed is how much each test keeps of the other half, and of photos of other
things. Tests of the first kind know flowers only. Those of the second kind are fitted to photos of other
things, too: to four fifths, and measured on the last, five times in turn.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from PIL import Image

import evaluate

LABELS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
KEPT = 0.9
NEIGHBOUR = 10
DIRECTIONS = 64


class Exposed:
    """The model with the vector before its last layer, and the maps before each pooling, as outputs."""

    def __init__(self, folder):
        model = onnx.load(folder / "model.onnx")
        last = next(n for n in reversed(model.graph.node) if n.op_type == "Gemm")
        relus = [n.output[0] for n in model.graph.node if n.op_type == "Relu" and n.output[0].endswith("Relu_1_output_0")]
        self.names = [model.graph.output[0].name, last.input[0], *relus]
        for name in self.names[1:]:
            model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        self.settings = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))

    def run(self, paths):
        """Logits [N, 5], vectors [N, 256], and each map's means and deviations [N, ...]."""
        rows = []
        for path in paths:
            with Image.open(path) as image:
                pixels = evaluate.preprocess(image.convert("RGB"), self.settings)[None]
            logits, vector, *maps = self.session.run(self.names, {self.session.get_inputs()[0].name: pixels})
            pooled = np.concatenate([np.r_[m[0].mean((1, 2)), m[0].std((1, 2))] for m in maps])
            rows.append((logits[0], vector.reshape(-1), pooled))
        return tuple(np.stack(column) for column in zip(*rows))


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def distance(vectors, classes):
    """The distance test of `models calibrate`: Mahalanobis with probabilistic principal components, of unit vectors."""
    x = unit(vectors)
    mean = x.mean(0)
    values, directions = np.linalg.eigh(np.cov(x.T, bias=True))
    basis, residual = directions[:, ::-1][:, :DIRECTIONS], values[::-1][DIRECTIONS:].mean()
    z = (x - mean) @ basis
    centres = np.stack([z[classes == c].mean(0) for c in range(len(LABELS))])
    rest = z - centres[classes]
    covariance = rest.T @ rest / (len(rest) - len(LABELS))
    shrunk = 0.95 * covariance + 0.05 * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    precision = np.linalg.inv(shrunk)

    def test(_, v, __):
        centred = unit(v) - mean
        along = centred @ basis
        away = along[:, None] - centres
        inside = np.einsum("ncd,de,nce->nc", away, precision, away).min(1)
        return -inside - (np.square(centred).sum(1) - np.square(along).sum(1)) / residual

    return test


def both(first, second, known):
    """The rarer of two tests, each by the share of known photos below."""
    orders = [np.sort(test(*known)) for test in (first, second)]
    return lambda *values: np.minimum(*(
        np.searchsorted(order, test(*values)) / len(order) for order, test in zip(orders, (first, second))))


def one_class_tests(train, classes):
    """Names and functions of (logits, vectors, pooled): larger is more like a flower."""
    _, vectors, _ = train
    directions = unit(vectors)
    centres = np.stack([directions[classes == c].mean(0) for c in range(len(LABELS))])
    rest = directions - centres[classes]
    covariance = rest.T @ rest / len(rest)
    shrunk = 0.95 * covariance + 0.05 * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    precision = np.linalg.inv(shrunk)

    def mahalanobis(_, v, __):
        away = unit(v)[:, None] - centres
        return -np.einsum("ncd,de,nce->nc", away, precision, away).min(1)

    def top(logits, _, __):
        return evaluate.softmax(logits).max(1)

    calibrated = distance(vectors, classes)
    return {
        "top score": top,
        "energy (log-sum-exp of the logits)": lambda l, v, p: np.log(np.exp(l).sum(1)),
        "Mahalanobis distance, shared covariance": mahalanobis,
        "distance test of `models calibrate`": calibrated,
        "the same or top score": both(calibrated, top, train),
        "cosine to the nearest centre": lambda l, v, p: (unit(v) @ unit(centres).T).max(1),
        f"cosine to the {NEIGHBOUR}th neighbour": lambda l, v, p: np.sort(unit(v) @ directions.T, 1)[:, -NEIGHBOUR],
    }


def logistic(flowers, others, decay=3e-3, steps=400):
    """Logistic regression on standardized numbers, each side weighing alike; returns its score."""
    x = np.r_[flowers, others]
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    x = (x - mean) / deviation
    y = np.r_[np.ones(len(flowers)), np.zeros(len(others))]
    weight = np.r_[np.full(len(flowers), 0.5 / len(flowers)), np.full(len(others), 0.5 / len(others))]
    w, b, rate = np.zeros(x.shape[1]), 0.0, 4 / np.square(x).sum(1).mean()
    for _ in range(steps):
        gradient = weight * (1 / (1 + np.exp(-(x @ w + b))) - y)
        w -= rate * (x.T @ gradient + decay * w)
        b -= rate * gradient.sum()
    return lambda z: ((z - mean) / deviation) @ w + b


def row(name, fitted, held, others):
    threshold = np.quantile(fitted, 1 - KEPT)
    best = np.quantile(held, 1 - KEPT)
    print(f"| {name} | {evaluate.auroc(held, others):.3f} | {(held >= threshold).mean():.1%} | "
          f"{(others >= threshold).mean():.1%} | {(others >= best).mean():.1%} |")


def crossed(name, part, a, b, others, rng):
    """Fits to four fifths of the other photos, and measures on the last."""
    order = rng.permutation(len(others[part]))
    scores, held = np.empty(len(order)), []
    for k in range(5):
        out = order[k::5]
        score = logistic(a[part], np.delete(others[part], out, 0))
        held.append(score(b[part]))
        # the folds' scales differ a little: measured against each fold's own flowers
        scores[out] = np.searchsorted(np.sort(held[-1]), score(others[part][out])) / len(held[-1])
    print(f"| {name} | | 90.0% | | {(scores >= 1 - KEPT).mean():.1%} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--non-flowers", type=Path, required=True)
    parser.add_argument("--drop", type=int, nargs="*", default=[985])
    options = parser.parse_args()
    model, rng = Exposed(options.model), np.random.default_rng(1)

    def photos(part):
        return [(p, c) for c, label in enumerate(LABELS) for p in sorted((options.data / part / label).glob("*.jpg"))]

    train, val = photos("train"), photos("val")
    truth = (options.non_flowers / "truth.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in truth]
    others = model.run([options.non_flowers / r[0] for r in rows if int(r[1]) not in options.drop])
    known, values = model.run([p for p, _ in train]), model.run([p for p, _ in val])
    order = rng.permutation(len(val))
    a, b = (tuple(column[half] for column in values) for half in (order[::2], order[1::2]))
    print("| test | AUROC | flowers kept | others kept | others kept where exactly 90 % of the flowers are |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, test in one_class_tests(known, np.array([c for _, c in train])).items():
        row(name, test(*a), test(*b), test(*others))
    crossed("fitted to other photos: vector", 1, a, b, others, rng)
    crossed("fitted to other photos: means and deviations of five blocks' maps", 2, a, b, others, rng)


if __name__ == "__main__":
    main()
