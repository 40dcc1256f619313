"""Small networks shaped like real ones, with random weights, and their five best classes for every photo of photos.py.

They stand in for published networks: the same preparation, operators, input types and ends, a hundredth of the size. The last layer is scaled
until the photos' scores differ, so that another filter, crop, turn or channel order changes the best class. The lower right weighs most.
"""

import json
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

import preprocess
from answers import VERSIONS, scores, write_table

IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
HALF = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}


def recipe(edge: int, crop: int, **changes) -> dict:
    size = {"do_resize": True, "size": {"shortest_edge": edge}, "resample": 2, "do_center_crop": True}
    crop_size = {"crop_size": {"height": crop, "width": crop}}
    return size | crop_size | {"do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True} | changes


RAW = {"do_rescale": False, "do_normalize": False}
BLUE_FIRST = {"do_rescale": False, "image_mean": [123.0, 117.0, 104.0], "image_std": [1.0] * 3, "do_flip_channel_order": True}


class Kind(NamedTuple):
    body: str
    classes: int
    recipe: dict
    end: str = "softmax"
    input: str = "float"
    quantized: bool = False


KINDS = {
    "mobilenet-v2": Kind("inverted", 1000, recipe(256, 224, **HALF)),
    "mobilenet-v2-int8": Kind("inverted", 100, recipe(256, 224, **IMAGENET), end="logits", quantized=True),
    "mobilenet-v1-128": Kind("separable", 100, recipe(146, 128, **HALF)),
    "mobilenet-v1-uint8-nhwc": Kind("separable", 100, recipe(146, 128, **RAW), input="uint8"),
    "squeezenet": Kind("fire", 100, recipe(256, 224, **IMAGENET)),
    "squeezenet-float16-bgr": Kind("fire", 100, recipe(256, 224, **BLUE_FIRST), input="float16"),
}


class Graph:
    """Collects nodes and weights; each method appends a layer to the value `at`, of `channels`."""

    def __init__(self, seed: int):
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights = [], []
        self.at, self.channels = "pixel_values", 3

    def weight(self, value, dtype=np.float32) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def node(self, kind: str, *inputs: str, output: str = "", **attributes) -> str:
        self.at = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [self.at], **attributes))
        return self.at

    def conv(self, out: int, kernel: int = 1, stride: int = 1, groups: int = 1, relu: str = "Clip"):
        fan_in = self.channels // groups * kernel * kernel
        weights = self.random.normal(0, np.sqrt(2 / fan_in), (out, self.channels // groups, kernel, kernel))
        bias = self.random.normal(0, 0.2, out)
        self.node("Conv", self.at, self.weight(weights), self.weight(bias), strides=[stride] * 2, pads=[kernel // 2] * 4, group=groups)
        self.channels = out
        if relu == "Clip":
            self.node("Clip", self.at, self.weight(0), self.weight(6))
        elif relu:
            self.node(relu, self.at)

    def separable(self, out: int, stride: int):
        self.conv(self.channels, 3, stride, groups=self.channels)
        self.conv(out)

    def inverted(self, out: int, stride: int):
        start, channels = self.at, self.channels
        self.conv(channels * 4)
        self.conv(channels * 4, 3, stride, groups=channels * 4)
        self.conv(out, relu="")
        if stride == 1 and out == channels:
            self.node("Add", self.at, start)

    def fire(self, squeeze: int, expand: int):
        self.conv(squeeze, relu="Relu")
        start, channels = self.at, self.channels
        self.conv(expand, relu="Relu")
        left = self.at
        self.at, self.channels = start, channels
        self.conv(expand, 3, relu="Relu")
        self.node("Concat", left, self.at, axis=1)
        self.channels = 2 * expand

    def pool(self):
        self.node("MaxPool", self.at, kernel_shape=[3, 3], strides=[2, 2])


def body(graph: Graph, kind: str) -> int:
    """Appends the layers up to the last feature map; returns its stride."""
    if kind == "fire":
        graph.conv(12, 3, 2, relu="Relu")
        graph.pool()
        graph.fire(6, 12)
        graph.fire(6, 12)
        graph.pool()
        graph.fire(8, 16)
        graph.fire(12, 24)
    elif kind == "separable":
        graph.conv(8, 3, 2)
        for out, stride in ((16, 1), (24, 2), (24, 1), (32, 2), (48, 1)):
            graph.separable(out, stride)
    else:
        graph.conv(8, 3, 2)
        for out, stride in ((8, 1), (12, 2), (12, 1), (16, 2), (16, 1), (24, 2)):
            graph.inverted(out, stride)
        graph.conv(64)


def input_of(graph: Graph, kind: Kind, side: int) -> tuple:
    """Appends what leads from the graph's input to floats in NCHW around 0; returns the input's name, type and shape."""
    if kind.input == "uint8":
        graph.node("Cast", "samples", to=TensorProto.FLOAT)
        graph.node("Div", graph.at, graph.weight(127.5))
        graph.node("Sub", graph.at, graph.weight(1))
        graph.node("Transpose", graph.at, perm=[0, 3, 1, 2])
        return "samples", TensorProto.UINT8, ["batch", side, side, 3]
    if kind.input == "float16":
        graph.node("Mul", graph.at, graph.weight(1 / 64))
        return "pixel_values", TensorProto.FLOAT16, ["batch", 3, side, side]
    return "pixel_values", TensorProto.FLOAT, ["batch", 3, side, side]


def network(kind: Kind, seed: int, head: tuple | None) -> bytes:
    """The graph; without `head`, weights and biases of the last layer, it ends in the features."""
    graph = Graph(seed)
    side = kind.recipe["crop_size"]["height"]
    entry = input_of(graph, kind, side)
    body(graph, kind.body)
    grid = -(-side // 16) if kind.body == "inverted" else -(-side // 8)
    if kind.body == "fire":
        grid = 27
    graph.node("Mul", graph.at, graph.weight(np.outer(np.linspace(0.2, 1.8, grid), np.linspace(0.4, 1.6, grid))))
    element = TensorProto.FLOAT16 if kind.input == "float16" else TensorProto.FLOAT
    leaving = ("features", element, ["batch", graph.channels])
    if head is None:
        graph.node("ReduceMean", graph.at, axes=[2, 3], keepdims=0, output="features")
    elif kind.body == "fire":  # as SqueezeNet: the classifier is a convolution, and with float16 dimensions of 1 stay behind the classes
        graph.node("Conv", graph.at, graph.weight(head[0][:, :, None, None]), graph.weight(head[1]))
        graph.node("GlobalAveragePool", graph.at)
        flat = kind.input != "float16"
        if flat:
            graph.node("Flatten", graph.at)
        graph.node("Softmax", graph.at, axis=1, output="probabilities")
        leaving = ("probabilities", element, ["batch", kind.classes, *([] if flat else [1, 1])])
    else:
        graph.node("ReduceMean", graph.at, axes=[2, 3], keepdims=0)
        graph.node("Gemm", graph.at, graph.weight(head[0]), graph.weight(head[1]), transB=1, output="logits")
        leaving = ("logits", element, ["batch", kind.classes])
        if kind.end == "softmax":
            graph.node("Softmax", graph.at, axis=-1, output="probabilities")
            leaving = ("probabilities", element, ["batch", kind.classes])
    return serialised(graph, entry, leaving, half=kind.input == "float16")


def serialised(graph: Graph, entry: tuple, leaving: tuple, half: bool) -> bytes:
    weights = graph.weights
    if half:
        weights = [numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), weight.name) for weight in weights]
    values = [[helper.make_tensor_value_info(name, element, shape)] for name, element, shape in (entry, leaving)]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "random", *values, weights), opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="golden"
    )
    checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def session(model: bytes) -> onnxruntime.InferenceSession:
    """With products of 8 bits that do not saturate, on any processor."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def head_for(features: np.ndarray, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights that spread the photos' features over the classes: logits with a mean of 0 and a deviation of 4."""
    random = np.random.default_rng(seed + 1000)
    weights = random.normal(0, 1, (classes, features.shape[1])) / (features.std(axis=0) + 0.05)
    logits = features @ weights.T
    weights *= 4 / (logits - logits.mean(axis=0)).std()
    return weights, -(features @ weights.T).mean(axis=0)


class Photos(CalibrationDataReader):
    def __init__(self, tensors: list):
        self.left = iter(tensors)

    def get_next(self):
        tensor = next(self.left, None)
        return None if tensor is None else {"pixel_values": tensor}


def quantized(model: bytes, tensors: list) -> bytes:
    """With QuantizeLinear and DequantizeLinear around every operator: 8-bit weights, signed, one scale a channel; 8-bit values, unsigned."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        before.write_bytes(model)
        options = {"quant_format": QuantFormat.QDQ, "per_channel": True, "weight_type": QuantType.QInt8, "activation_type": QuantType.QUInt8}
        quantize_static(before, after, Photos(tensors), **options)
        return after.read_bytes()


def tensors(kind: Kind, photos: dict) -> dict:
    element = {"float": np.float32, "float16": np.float16, "uint8": np.uint8}[kind.input]
    return {name: preprocess.tensor(data, kind.recipe, last=kind.input == "uint8", dtype=element) for name, data in photos.items()}


def write_random_models(models: Path, golden: Path, photos: dict):
    for seed, (name, kind) in enumerate(KINDS.items()):
        inputs = tensors(kind, photos)
        entry = "samples" if kind.input == "uint8" else "pixel_values"
        bare = session(network(kind, seed, None))
        features = np.concatenate([bare.run(None, {entry: tensor})[0] for tensor in inputs.values()]).astype(np.float64)
        graph = network(kind, seed, head_for(features, kind.classes, seed))
        if kind.quantized:
            graph = quantized(graph, list(inputs.values()))
        folder = models / name
        folder.mkdir(parents=True)
        (folder / "model.onnx").write_bytes(graph)
        labels = {str(i): f"class {i}" for i in range(kind.classes)}
        (folder / "config.json").write_text(json.dumps({"id2label": labels}, separators=(",", ":")) + "\n")
        (folder / "preprocessor_config.json").write_text(json.dumps(kind.recipe, indent=2) + "\n")
        (folder / "labels.zh.txt").write_text("".join(f"类别{i}\n" for i in range(kind.classes)), encoding="utf-8")
        final = session(graph)
        rows, margins = [], []
        for photo, tensor in inputs.items():
            row = scores(final, tensor, "softmax" if kind.end == "logits" else None)
            top = np.argsort(-row, kind="stable")[:5]
            margins.append(row[top[0]] - row[top[1]])
            rows.append([photo, *(f"{i}:{row[i]:.6f}" for i in top)])
        write_table(golden / f"random/{name}.tsv", ["file", *(f"top{k}" for k in range(1, 6))], rows, VERSIONS)
        classes = len({row[1].split(":")[0] for row in rows})
        print(f"{name}: {len(graph)} bytes, {classes} best classes of {len(rows)} photos, least lead {min(margins):.4f}")
