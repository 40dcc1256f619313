"""Measures an exported model as a user meets it: Pillow, NumPy and ONNX Runtime, no PyTorch."""

import json
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
BINS = 15  # of the top score, for the calibration error


def preprocess(image, settings):
    """A Pillow RGB image -> float32 [3, H, W], as preprocessor_config.json says."""
    edge = settings["size"]["shortest_edge"]
    height, width = settings["crop_size"]["height"], settings["crop_size"]["width"]
    short, long = sorted(image.size)
    new_long = int(edge * long / short)
    size = (edge, new_long) if image.width <= image.height else (new_long, edge)
    image = image.resize(size, settings["resample"])
    left, top = (image.width - width) // 2, (image.height - height) // 2
    pixels = np.asarray(image.crop((left, top, left + width, top + height)), np.float32)
    pixels = pixels * np.float32(settings["rescale_factor"])
    mean, std = (np.array(settings[key], np.float32) for key in ("image_mean", "image_std"))
    return ((pixels - mean) / std).transpose(2, 0, 1)


class ExportedModel:
    """A folder with model.onnx and preprocessor_config.json."""

    def __init__(self, folder, threads=0):
        folder = Path(folder)
        self.settings = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.input = self.session.get_inputs()[0].name

    def logits(self, images):
        """Pillow images -> float32 [N, 5]. One at a time, so a fixed batch of one works as well."""
        answers = [
            self.session.run(None, {self.input: preprocess(image, self.settings)[None]})[0]
            for image in images
        ]
        return np.concatenate(answers)

    def milliseconds(self, image, repeats=50):
        """Median time of one image through the network alone, without preprocessing."""
        x, times = {self.input: preprocess(image, self.settings)[None]}, []
        for _ in range(repeats):
            start = time.perf_counter()
            self.session.run(None, x)
            times.append(time.perf_counter() - start)
        return float(np.median(times)) * 1000


def softmax(logits):
    """[N, 5] -> [N, 5], each row from 0 to 1 and adding up to 1."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def negative_log_likelihood(logits, classes):
    """Mean of -log(score of the true class)."""
    return float(-np.log(softmax(logits)[np.arange(len(classes)), classes] + 1e-12).mean())


def best_temperature(logits, classes):
    """The divisor of the logits with the least negative log likelihood."""
    candidates = np.geomspace(0.2, 5, 400)
    return float(min(candidates, key=lambda t: negative_log_likelihood(logits / t, classes)))


def calibration_error(scores, classes):
    """Expected calibration error: mean gap between top score and accuracy over bins of equal width."""
    top, right = scores.max(1), scores.argmax(1) == classes
    bins = np.minimum((top * BINS).astype(int), BINS - 1)
    gaps = [abs(top[bins == b].sum() - right[bins == b].sum()) for b in range(BINS)]
    return float(sum(gaps) / len(top))


def auroc(positive, negative):
    """Chance that a random positive has a higher top score than a random negative (ties: half)."""
    return float(((positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)).mean())


def classification_report(scores, classes, count):
    """Accuracy, precision and recall per class and the confusion matrix [truth, answer]."""
    answers = scores.argmax(1)
    matrix = np.zeros((count, count), int)
    np.add.at(matrix, (classes, answers), 1)
    right = np.diag(matrix)
    return {
        "accuracy": float(right.sum() / matrix.sum()),
        "precision": (right / np.maximum(matrix.sum(0), 1)).tolist(),
        "recall": (right / matrix.sum(1)).tolist(),
        "matrix": matrix.tolist(),
        "nll": float(-np.log(scores[np.arange(len(classes)), classes] + 1e-12).mean()),
        "ece": calibration_error(scores, classes),
    }


def threshold_row(threshold, scores, classes, others):
    """What happens when answers with a top score below threshold are taken as "I don't know".

    others: {name: top scores of images that contain no flower}.
    """
    top, right = scores.max(1), scores.argmax(1) == classes
    kept = top >= threshold
    return {
        "threshold": threshold,
        "kept": float(kept.mean()),
        "accuracy_of_kept": float(right[kept].mean()) if kept.any() else float("nan"),
        "wrongly_kept": {name: float((other >= threshold).mean()) for name, other in others.items()},
    }


def recommend_threshold(scores, least_kept=0.9):
    """The highest threshold of the table that keeps at least so large a share of the flowers."""
    top = scores.max(1)
    good = [t for t in THRESHOLDS if (top >= t).mean() >= least_kept]
    return max(good) if good else THRESHOLDS[0]
