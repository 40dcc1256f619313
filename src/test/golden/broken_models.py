"""One model repository a defect, each with one model named `bad`."""

import json
from pathlib import Path

import numpy as np
from onnx import helper

from models import CHINESE, LABELS, PREPROCESSOR, SIDE, classifier, config, constant, serialise, write_model

DEFECTS = {
    "missing-graph": "no model.onnx",
    "missing-preprocessor": "no preprocessor_config.json",
    "corrupt-graph": "model.onnx cut off in the middle",
    "empty-graph": "model.onnx of 0 bytes",
    "label-count-mismatch": "five labels in id2label, six outputs in the graph",
    "translated-label-count-mismatch": "five lines in labels.zh.txt, six outputs in the graph",
    "unknown-resample": '"resample": 9',
    "missing-size": '"do_resize": true without "size"',
    "unknown-processor-step": '"do_grayscale": true, a step the server does not know; ignoring it would give wrong answers',
    "bad-json": "config.json cut off in the middle",
    "id2label-gap": "id2label has 0, 1, 2, 4, 5, 6",
    "input-size-mismatch": "the graph takes 32×32, crop_size is 24×24",
    "fails-when-run": "loads, but its Reshape takes 32×32 only and the recipe makes 24×24",
    "version-not-a-number": "the version's folder is called `latest`",
    "empty-repository": "no model at all, only a README.txt",
}


def fails_when_run() -> bytes:
    """Takes pictures of any size, as far as anybody can tell before it runs."""
    weights = [constant("shape", np.array([1, 3 * SIDE * SIDE], np.int64)), constant("weights", np.zeros((3 * SIDE * SIDE, 6), np.float32))]
    nodes = [
        helper.make_node("Reshape", ["pixel_values", "shape"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
    ]
    return serialise(nodes, weights, [("logits", ["batch", 6])], [("pixel_values", ["batch", 3, "height", "width"])])


def write_broken_models(root: Path):
    def bad(defect: str, version="1") -> Path:
        return root / defect / "bad" / version

    good, gap = classifier(), config()
    gap["id2label"] = dict(zip("012456", LABELS))
    gap["label2id"] = {label: int(i) for i, label in gap["id2label"].items()}

    write_model(bad("missing-graph"), None)
    write_model(bad("missing-preprocessor"), good, preprocessor=False)
    write_model(bad("corrupt-graph"), good[: len(good) // 2])
    write_model(bad("empty-graph"), b"")
    write_model(bad("label-count-mismatch"), good, config(LABELS[:5]), chinese=None)
    write_model(bad("translated-label-count-mismatch"), good, chinese=CHINESE[:5])
    write_model(bad("unknown-resample"), good, preprocessor=PREPROCESSOR | {"resample": 9})
    write_model(bad("missing-size"), good, preprocessor={k: v for k, v in PREPROCESSOR.items() if k != "size"})
    write_model(bad("unknown-processor-step"), good, preprocessor=PREPROCESSOR | {"do_grayscale": True})
    write_model(bad("bad-json"), good)
    (bad("bad-json") / "config.json").write_text(json.dumps(config(), indent=2)[:100])
    write_model(bad("id2label-gap"), good, gap)
    small_crop = PREPROCESSOR | {"crop_size": {"height": 24, "width": 24}}
    write_model(bad("input-size-mismatch"), good, preprocessor=small_crop)
    write_model(bad("fails-when-run"), fails_when_run(), preprocessor=small_crop)
    write_model(bad("version-not-a-number", "latest"), good)
    (root / "empty-repository").mkdir(parents=True, exist_ok=True)
    (root / "empty-repository" / "README.txt").write_text("A model repository without a model.\n")
