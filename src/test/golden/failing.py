"""A model that loads and answers, but for some pictures: a fault of ours, which a test has to be able to cause."""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

from models import classifier, constant, write_model


def fails_on_white() -> bytes:
    """Takes the answer from the row after the picture's own if its darkest channel is bright; there is none."""
    tail = [
        helper.make_node("ReduceMin", ["colour"], ["darkest"], axes=[1], keepdims=0),
        helper.make_node("Greater", ["darkest", "half"], ["white"]),
        helper.make_node("Cast", ["white"], ["row"], to=TensorProto.INT64),
        helper.make_node("Gather", ["logits", "row"], ["taken"], axis=0),
    ]
    return classifier(tail=tail, output="taken", constants=[constant("half", np.float32(0.5))])


def write_failing(root: Path):
    write_model(root / "fails-on-white/1", fails_on_white())
