"""Small classifiers, one for each way in which a graph may end, with their vectors and class activation maps.

All have the input pixel_values [batch, 3, 8, 8] and make a feature map of it. What they give is computed by NumPy on a feature map
that ONNX Runtime computed as an output of a graph of its own.
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper, load, numpy_helper

CLASSES = 5
FEATURES = 4
SIDE = 8
PREPROCESSOR = {
    "do_resize": True,
    "size": {"height": SIDE, "width": SIDE},
    "resample": 2,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": False,
}

random = np.random.default_rng(19)
KERNEL = random.normal(size=(FEATURES, 3, 3, 3)).astype(np.float32)
WEIGHTS = random.normal(size=(CLASSES, FEATURES)).astype(np.float32)
BIAS = random.normal(size=CLASSES).astype(np.float32)
HIDDEN = random.normal(size=(FEATURES, FEATURES)).astype(np.float32)
BLOCKS = {name: random.normal(size=(FEATURES, FEATURES, side, side)).astype(np.float32) / side for name, side in (("k1", 3), ("k2", 3), ("k3", 3), ("k4", 3), ("k5", 1))}
NORMS = {name: random.uniform(0.5, 1.5, size=FEATURES).astype(np.float32) for name in ("scale", "shift", "mean", "var")}


def tensor(name, value, dtype=np.float32):
    return numpy_helper.from_array(np.asarray(value, dtype), name)


def node(kind, inputs, outputs, **attributes):
    return helper.make_node(kind, inputs.split(), outputs.split(), **attributes)


FEATURE_NODES = [node("Conv", "pixel_values kernel", "conv", pads=[1, 1, 1, 1]), node("Relu", "conv", "map")]
GAP = node("GlobalAveragePool", "map", "pooled")
FLAT = node("Flatten", "pooled", "flat")
GEMM = node("Gemm", "flat weights bias", "logits", transB=1)
AFFINE = [tensor("weights", WEIGHTS), tensor("bias", BIAS)]
CONV_WEIGHTS = [tensor("weights", WEIGHTS.reshape(CLASSES, FEATURES, 1, 1)), tensor("bias", BIAS)]
OWN_EMBEDDING = "own-embedding"  # has an output of the name that v2 has for vectors
ONE_BY_ONE = node("Conv", "pooled weights bias", "scored")


def convolution(source, kernel, target):
    """A convolution and its batch normalization."""
    side = BLOCKS[kernel].shape[2]
    return [node("Conv", f"{source} {kernel}", f"{target}_conv", pads=[side // 2] * 4), node("BatchNormalization", f"{target}_conv scale shift mean var", target)]


# ResNet's two kinds of blocks: with the identity as shortcut, and with a convolution.
RESIDUAL = [
    *convolution("map", "k1", "a"), node("Relu", "a", "b"), *convolution("b", "k2", "c"), node("Add", "c map", "d"), node("Relu", "d", "e"),
    *convolution("e", "k3", "f"), node("Relu", "f", "g"), *convolution("g", "k4", "h"), *convolution("e", "k5", "i"), node("Add", "h i", "j"), node("Relu", "j", "last"),
]
RESIDUAL_WEIGHTS = [tensor(name, value) for name, value in {**BLOCKS, **NORMS}.items()]


def quantized(values):
    scale = np.abs(values).max(axis=1) / 127
    return np.round(values / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def heads():
    """Name, nodes behind the map, constants, output, opset, weights of the linear layer in float, whether there is a map."""
    integers, scales = quantized(WEIGHTS)
    dequantized = integers.astype(np.float32) * scales[:, None]
    half = WEIGHTS.astype(np.float16)
    yield "gap-gemm", [GAP, FLAT, GEMM], AFFINE, "logits", 17, WEIGHTS, True
    yield "gap-gemm-softmax", [GAP, FLAT, GEMM, node("Softmax", "logits", "p", axis=-1)], AFFINE, "p", 17, WEIGHTS, True
    yield "gap-gemm-alpha", [GAP, FLAT, node("Gemm", "flat turned bias", "logits", alpha=2.0)], [tensor("turned", WEIGHTS.T), tensor("bias", BIAS)], "logits", 17, 2 * WEIGHTS, True
    yield "gap-conv", [GAP, ONE_BY_ONE, node("Flatten", "scored", "logits")], CONV_WEIGHTS, "logits", 17, WEIGHTS, True
    yield "mean-matmul-add", [node("ReduceMean", "map", "flat", axes=[-2, -1], keepdims=0), node("MatMul", "flat turned", "product"), node("Add", "bias product", "logits")], [tensor("turned", WEIGHTS.T), tensor("bias", BIAS)], "logits", 17, WEIGHTS, True
    yield "mean-of-18", [node("ReduceMean", "map axes", "flat", keepdims=0), GEMM], [*AFFINE, tensor("axes", [2, 3], np.int64)], "logits", 18, WEIGHTS, True
    yield "mean-twice", [node("ReduceMean", "map", "rows", axes=[3], keepdims=0), node("ReduceMean", "rows", "flat", axes=[2], keepdims=0), GEMM], AFFINE, "logits", 17, WEIGHTS, True
    yield "average-pool", [node("AveragePool", "map", "pooled", kernel_shape=[SIDE, SIDE]), FLAT, GEMM], AFFINE, "logits", 17, WEIGHTS, True
    yield "channels-last", [node("Transpose", "map", "last", perm=[0, 2, 3, 1]), node("ReduceMean", "last", "flat", axes=[1, 2], keepdims=0), GEMM], AFFINE, "logits", 17, WEIGHTS, True
    yield "pass-on", [GAP, node("Identity", "pooled", "same"), node("Dropout", "same", "kept"), node("Cast", "kept", "wide", to=TensorProto.DOUBLE), node("Cast", "wide", "narrow", to=TensorProto.FLOAT), node("Reshape", "narrow shape", "flat"), GEMM], [*AFFINE, tensor("shape", [-1, FEATURES], np.int64)], "logits", 17, WEIGHTS, True
    yield "turned-weights", [GAP, FLAT, node("Transpose", "weights", "turned", perm=[1, 0]), node("MatMul", "flat turned", "logits")], [tensor("weights", WEIGHTS)], "logits", 17, WEIGHTS, True
    yield "half-weights", [GAP, FLAT, node("Cast", "weights", "wide", to=TensorProto.FLOAT), node("Gemm", "flat wide bias", "logits", transB=1)], [tensor("weights", half, np.float16), tensor("bias", BIAS)], "logits", 17, half.astype(np.float32), True
    yield "dequantized", [GAP, FLAT, node("DequantizeLinear", "weights scale zero", "wide", axis=0), node("Gemm", "flat wide bias", "logits", transB=1)], [tensor("weights", integers, np.int8), tensor("scale", scales), tensor("zero", np.zeros(CLASSES), np.int8), tensor("bias", BIAS)], "logits", 17, dequantized, True
    yield "external-weights", [GAP, FLAT, GEMM], AFFINE, "logits", 17, WEIGHTS, True
    yield "conv-relu-gap", [node("Conv", "map weights bias", "scored"), node("Relu", "scored", "maps"), node("GlobalAveragePool", "maps", "pooled"), node("Flatten", "pooled", "flat"), node("Softmax", "flat", "p", axis=1)], CONV_WEIGHTS, "p", 17, None, True
    yield "resnet", [*RESIDUAL, node("GlobalAveragePool", "last", "pooled"), FLAT, GEMM], [*AFFINE, *RESIDUAL_WEIGHTS], "logits", 17, WEIGHTS, True
    yield OWN_EMBEDDING, [GAP, FLAT, GEMM, node("Neg", "flat", "embedding")], AFFINE, "logits", 17, WEIGHTS, True
    yield "hidden-layer", [GAP, FLAT, node("Gemm", "flat hidden", "inner"), node("Relu", "inner", "rectified"), node("Gemm", "rectified weights bias", "logits", transB=1)], [*AFFINE, tensor("hidden", HIDDEN)], "logits", 17, None, False
    yield "max-pool", [node("GlobalMaxPool", "map", "pooled"), FLAT, GEMM], AFFINE, "logits", 17, None, False
    yield "part-pooled", [node("AveragePool", "map", "pooled", kernel_shape=[SIDE - 1, SIDE - 1], strides=[2, 2]), FLAT, GEMM], AFFINE, "logits", 17, None, False
    yield "no-layer", [GAP, FLAT, node("MatMul", "flat turned", "product"), node("Mul", "product two", "logits")], [tensor("turned", WEIGHTS.T), tensor("two", [2])], "logits", 17, None, False


def graph(nodes, constants, outputs, opset):
    made = helper.make_graph(
        [*FEATURE_NODES, *nodes],
        "heads",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
        [tensor("kernel", KERNEL), *constants],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", opset)], ir_version=8, producer_name="golden")
    checker.check_model(model, full_check=True)
    return model


def pixels():
    """The input that the tests make, too."""
    count = 3 * SIDE * SIDE
    return np.sin(np.arange(count, dtype=np.float64) * 0.37).astype(np.float32).reshape(1, 3, SIDE, SIDE)


def run(model, outputs):
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(outputs, {"pixel_values": pixels()})


def expected(name, nodes, constants, output, opset, weights, has_map):
    """The vector and the maps of all classes; none if the graph has none."""
    rank = [1, FEATURES, SIDE, SIDE]
    (features,) = run(graph([], [], [("map", rank)], 17), ["map"])
    if name == "resnet":
        (features,) = run(graph(RESIDUAL, RESIDUAL_WEIGHTS, [("last", rank)], 17), ["last"])
    answer = {"output": output}
    if name == "conv-relu-gap":
        scored = np.einsum("ck,kyx->cyx", WEIGHTS, features[0]) + BIAS[:, None, None]
        answer["maps"] = np.maximum(scored, 0)
        answer["vector"] = features[0].mean(axis=(1, 2))
    elif has_map:
        answer["maps"] = np.einsum("ck,kyx->cyx", weights, features[0])
        answer["vector"] = features[0].mean(axis=(1, 2))
    elif name == "hidden-layer":
        answer["vector"] = np.maximum(features[0].mean(axis=(1, 2)) @ HIDDEN, 0)
    elif name == "max-pool":
        answer["vector"] = features[0].max(axis=(1, 2))
    elif name == "part-pooled":
        answer["vector"] = features[0][:, : SIDE - 1, : SIDE - 1].mean(axis=(1, 2))
    return {key: value if isinstance(value, str) else np.asarray(value, np.float64).ravel().tolist() for key, value in answer.items()}


def write_heads(models: Path, golden: Path):
    answers = {}
    for head in heads():
        name, nodes, constants, output, opset, _, _ = head
        folder = models / name / "1"
        folder.mkdir(parents=True)
        outputs = [(output, ["batch", CLASSES])]
        if name == OWN_EMBEDDING:
            outputs.append(("embedding", ["batch", FEATURES]))
        model = graph(nodes, constants, outputs, opset)
        if name == "external-weights":
            move_weights(model, folder)
        (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
        (folder / "config.json").write_text(json.dumps({"id2label": {str(i): f"class {i}" for i in range(CLASSES)}}, indent=2) + "\n")
        (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR, indent=2) + "\n")
        answers[name] = expected(*head)
    golden.mkdir(parents=True, exist_ok=True)
    (golden / "heads.json").write_text(json.dumps(answers, indent=1) + "\n")


def move_weights(model, folder: Path):
    """Moves the linear layer's weights into a file of their own, behind 64 other bytes."""
    weights = next(each for each in model.graph.initializer if each.name == "weights")
    data = weights.raw_data
    (folder / "weights.bin").write_bytes(b"\0" * 64 + data)
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "weights.bin"), ("offset", "64"), ("length", str(len(data)))):
        entry = weights.external_data.add()
        entry.key, entry.value = key, value


REAL = {  # the map, and the weights of the layer behind it, by the names that the graphs have for them
    "mobilenet-v2": ("relu6_201", "W_204", 224),
    "mobilenet-v1-0.25-128": ("relu6_108", "W_111", 128),
    "squeezenet-1.1": ("conv10_2", None, 224),
}
REAL_CLASSES = [0, 285, 999]


def write_real_heads(golden: Path, assets: Path):
    """The maps of three classes by real models, for a made-up input."""
    answers = {}
    for name, (tensor_name, weights_name, side) in REAL.items():
        model = load(assets / "models" / name / "model.onnx")
        output = model.graph.output[0].name
        model.graph.output.append(helper.make_empty_tensor_value_info(tensor_name))
        count = 3 * side * side
        values = np.sin(np.arange(count, dtype=np.float64) * 0.37).astype(np.float32).reshape(1, 3, side, side)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        (features,) = session.run([tensor_name], {"input": values})
        if weights_name:
            weights = next(numpy_helper.to_array(each) for each in model.graph.initializer if each.name == weights_name)
            maps = np.einsum("ck,kyx->cyx", weights.reshape(weights.shape[:2])[REAL_CLASSES].astype(np.float64), features[0].astype(np.float64))
        else:
            maps = features[0][REAL_CLASSES]
        answers[name] = {"output": output, "side": side, "classes": REAL_CLASSES, "maps": [round(float(value), 6) for value in maps.ravel()]}
    (golden / "heads-real.json").write_text(json.dumps(answers, indent=1) + "\n")
