"""Tiny networks that really classify: what colour is this picture, mostly?

Each has the input pixel_values [batch, 3, 32, 32], normalised to -1..1. A weighted mean over the picture (the lower
right weighs most, so that turning or cropping it wrongly shows in the scores) gives one value a channel; a linear layer compares
it with the six corners of the colour cube.
"""

import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

LABELS = ["red", "green", "blue", "yellow", "black", "white"]
CHINESE = ["红", "绿", "蓝", "黄", "黑", "白"]
CORNERS = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1], [1, 1, -1], [-1, -1, -1], [1, 1, 1]], np.float32)
BIAS = np.array([0.15, 0.1, 0.05, 0.0, -0.05, -0.1], np.float32)  # no two classes tie on grey
SIDE = 32

PREPROCESSOR = {
    "do_resize": True,
    "size": {"shortest_edge": 36},
    "resample": 2,
    "do_center_crop": True,
    "crop_size": {"height": SIDE, "width": SIDE},
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
}


def config(labels=LABELS, problem_type="single_label_classification") -> dict:
    return {
        "architectures": ["ColourOfThePicture"],
        "model_type": "colors",
        "problem_type": problem_type,
        "id2label": {str(i): label for i, label in enumerate(labels)},
        "label2id": {label: i for i, label in enumerate(labels)},
    }


def constant(name: str, value) -> object:
    return numpy_helper.from_array(np.asarray(value), name)


def classifier(scale=1.0, tail=(), output="logits", constants=(), head=(), **tensors) -> bytes:
    """The nodes of `head`, which make `pixel_values`; the graph up to `logits`; the nodes of `tail`, which make `output`."""
    rows = np.linspace(0.2, 1.8, SIDE, dtype=np.float32)
    cols = np.linspace(0.4, 1.6, SIDE, dtype=np.float32)
    weights = [
        constant("rows", rows.reshape(1, 1, SIDE, 1)),
        constant("cols", cols.reshape(1, 1, 1, SIDE)),
        constant("corners", CORNERS.T * np.float32(scale)),
        constant("bias", BIAS),
    ]
    nodes = [
        helper.make_node("Mul", ["pixel_values", "rows"], ["weighted_rows"]),
        helper.make_node("Mul", ["weighted_rows", "cols"], ["weighted"]),
        helper.make_node("GlobalAveragePool", ["weighted"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["colour"]),
        helper.make_node("Gemm", ["colour", "corners", "bias"], ["logits"]),
    ]
    tensors = {"outputs": [(output, ["batch", len(LABELS)])]} | tensors
    return serialise([*head, *nodes, *tail], [*weights, *constants], **tensors)


def serialise(nodes, weights, outputs, inputs=(("pixel_values", ["batch", 3, SIDE, SIDE]),)) -> bytes:
    def values(tensors):
        return [helper.make_tensor_value_info(name, *(type or [TensorProto.FLOAT]), shape) for name, shape, *type in tensors]

    graph = helper.make_graph(nodes, "colors", values(inputs), values(outputs), weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="golden")
    checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def softmax() -> bytes:
    return classifier(tail=[helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1)], output="probabilities")


def softmax_by_hand() -> bytes:
    """Probabilities without a Softmax node; safe without subtracting the maximum, as the logits stay within ±4."""
    tail = [
        helper.make_node("Exp", ["logits"], ["exp"]),
        helper.make_node("ReduceSum", ["exp", "axes"], ["sum"], keepdims=1),
        helper.make_node("Div", ["exp", "sum"], ["probabilities"]),
    ]
    return classifier(tail=tail, output="probabilities", constants=[constant("axes", np.array([1], np.int64))])


def softmax_then_cast() -> bytes:
    """Probabilities, but the Softmax is not the last node."""
    tail = [
        helper.make_node("Softmax", ["logits"], ["softmax"], axis=-1),
        helper.make_node("Cast", ["softmax"], ["wide"], to=TensorProto.DOUBLE),
        helper.make_node("Cast", ["wide"], ["narrow"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["narrow", "shape"], ["reshaped"]),
        helper.make_node("Identity", ["reshaped"], ["probabilities"]),
    ]
    shape = constant("shape", np.array([-1, len(LABELS)], np.int64))
    return classifier(tail=tail, output="probabilities", constants=[shape])


def slow(size=1024, steps=16) -> bytes:
    """The same answers after `steps` products of two size×size matrices: much work from few bytes.

    The first matrix holds the mean of the input, so nothing can be computed ahead; each product with a matrix of 1/size
    leaves it as it is; a thousandth of the difference, nought but for rounding, is added to the logits so that nothing can
    be left out. 34 GFLOP: 100 to 300 ms on one thread.
    """
    square = constant("square", np.array([size, size], np.int64))
    share = helper.make_tensor("value", TensorProto.FLOAT, [1], [1 / size])
    tail = [
        helper.make_node("ReduceMean", ["pixel_values"], ["mean"], keepdims=0),
        helper.make_node("Expand", ["mean", "square"], ["step0"]),
        helper.make_node("ConstantOfShape", ["square"], ["average"], value=share),
        *(helper.make_node("MatMul", [f"step{i}", "average"], [f"step{i + 1}"]) for i in range(steps)),
        helper.make_node("ReduceMean", [f"step{steps}"], ["same_mean"], keepdims=0),
        helper.make_node("Sub", ["same_mean", "mean"], ["nought"]),
        helper.make_node("Mul", ["nought", "thousandth"], ["less"]),
        helper.make_node("Add", ["logits", "less"], ["late_logits"]),
    ]
    return classifier(tail=tail, output="late_logits", constants=[square, constant("thousandth", np.float32(0.001))])


def write_model(folder: Path, graph: bytes | None, configuration=None, preprocessor=None, chinese=CHINESE):
    """One version's folder; None for the graph, False for a configuration leaves that file out."""
    folder.mkdir(parents=True, exist_ok=True)
    if graph is not None:
        (folder / "model.onnx").write_bytes(graph)
    for name, value in (("config.json", configuration), ("preprocessor_config.json", preprocessor)):
        if value is not False:
            default = config() if name == "config.json" else PREPROCESSOR
            text = json.dumps(default if value is None else value, indent=2, ensure_ascii=False)
            (folder / name).write_text(text + "\n", encoding="utf-8")
    if chinese:
        (folder / "labels.zh.txt").write_text("\n".join(chinese) + "\n", encoding="utf-8")


def write_slow(folder: Path):
    write_model(folder / "slow/1", slow())


def write_models(folder: Path):
    write_model(folder / "colors/1", classifier())
    write_model(folder / "colors/2", classifier(scale=2))
    write_model(folder / "colors-softmax/1", softmax())
    write_model(folder / "colors-softmax-cast/1", softmax_then_cast())
    write_model(folder / "colors-division/1", softmax_by_hand())
    write_model(folder / "colors-sigmoid/1", classifier(), config(problem_type="multi_label_classification"))
    write_model(folder / "unversioned", classifier())
