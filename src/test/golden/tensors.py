"""A repository for the endpoints that take tensors: an image classifier and graphs that are not image classifiers."""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

from models import classifier, constant, serialise, write_model

TYPES = {
    "bool": TensorProto.BOOL,
    "int8": TensorProto.INT8,
    "int16": TensorProto.INT16,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
    "uint8": TensorProto.UINT8,
    "float16": TensorProto.FLOAT16,
    "float": TensorProto.FLOAT,
    "double": TensorProto.DOUBLE,
    "string": TensorProto.STRING,
}


def tabular() -> bytes:
    """Two numbers, a count and a flag a row; a score of 2a + 3b + count + 10 where the flag is set, and whether it is above 20."""
    nodes = [
        helper.make_node("MatMul", ["measures", "weights"], ["weighed"]),
        helper.make_node("Cast", ["visits"], ["count"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["member"], ["flag"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["flag", "bonus"], ["extra"]),
        helper.make_node("Sum", ["weighed", "count", "extra"], ["score"]),
        helper.make_node("Greater", ["score", "threshold"], ["above"]),
        helper.make_node("Cast", ["above"], ["class"], to=TensorProto.INT64),
    ]
    weights = [
        constant("weights", np.array([[2], [3]], np.float32)),
        constant("bonus", np.float32(10)),
        constant("threshold", np.float32(20)),
    ]
    inputs = [
        ("measures", ["batch", 2]),
        ("visits", ["batch", 1], TensorProto.INT64),
        ("member", ["batch", 1], TensorProto.BOOL),
    ]
    outputs = [("score", ["batch", 1]), ("class", ["batch", 1], TensorProto.INT64)]
    return serialise(nodes, weights, outputs, inputs)


def echo() -> bytes:
    """Tensors of every type, given back as they came; of each the same number of rows."""
    nodes = [helper.make_node("Identity", [name], [f"same_{name}"]) for name in TYPES]
    inputs = [(name, ["rows", "columns"], type) for name, type in TYPES.items()]
    outputs = [(f"same_{name}", ["rows", "columns"], type) for name, type in TYPES.items()]
    return serialise(nodes, [], outputs, inputs)


def lookup() -> bytes:
    """The row of a table by its number: fails on a number that is not there."""
    table = constant("table", np.arange(12, dtype=np.float32).reshape(4, 3))
    node = helper.make_node("Gather", ["table", "number"], ["row"], axis=0)
    return serialise([node], [table], [("row", ["n", 3])], [("number", ["n"], TensorProto.INT64)])


def write_tensor_models(folder: Path):
    write_model(folder / "colors/1", classifier())
    write_model(folder / "colors/2", classifier(scale=2))
    for name, graph in (("tabular", tabular()), ("echo", echo()), ("lookup", lookup())):
        write_model(folder / name / "1", graph, configuration=False, preprocessor=False, chinese=None)
