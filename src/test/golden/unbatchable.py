"""Models that answer one picture at a time, and cannot be batched; each in a repository of its own, named `single`."""

from pathlib import Path

import numpy as np
from onnx import helper

from models import CORNERS, LABELS, PREPROCESSOR, SIDE, classifier, constant, serialise, write_model


def fixed_batch() -> bytes:
    return classifier(inputs=[("pixel_values", [1, 3, SIDE, SIDE])], outputs=[("logits", [1, len(LABELS)])])


def fails_on_two() -> bytes:
    """Its input has an open batch, and a Reshape further in has not."""
    tail = [helper.make_node("Reshape", ["logits", "shape"], ["single"])]
    return classifier(tail=tail, output="single", constants=[constant("shape", np.array([1, len(LABELS)], np.int64))])


def by_company() -> bytes:
    """Each answer depends on the others in the batch, as it does where a graph quantises by what it finds."""
    tail = [
        helper.make_node("ReduceMean", ["logits"], ["mean"], axes=[0], keepdims=1),
        helper.make_node("Mul", ["mean", "tenth"], ["little"]),
        helper.make_node("Add", ["logits", "little"], ["moved"]),
    ]
    return classifier(tail=tail, output="moved", constants=[constant("tenth", np.float32(0.1))])


def open_size() -> bytes:
    nodes = [
        helper.make_node("GlobalAveragePool", ["pixel_values"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["colour"]),
        helper.make_node("MatMul", ["colour", "corners"], ["logits"]),
    ]
    inputs = [("pixel_values", ["batch", 3, "height", "width"])]
    return serialise(nodes, [constant("corners", CORNERS.T)], [("logits", ["batch", len(LABELS)])], inputs)


def write_unbatchable(root: Path):
    write_model(root / "fixed-batch/single/1", fixed_batch())
    write_model(root / "fails-on-two/single/1", fails_on_two())
    write_model(root / "by-company/single/1", by_company())
    write_model(root / "open-size/single/1", open_size(), preprocessor=PREPROCESSOR | {"do_center_crop": False})
