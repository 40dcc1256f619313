"""Each network as people export it: float32, float16, and in 8 bits with the two methods of ONNX Runtime's tools."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import version_converter
from onnxconverter_common import float16
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quant_pre_process, quantize_dynamic, quantize_static

from layers import Net

EXPORTS = ("float32", "float16", "int8-qdq", "int8-dynamic")


class Images(CalibrationDataReader):
    def __init__(self, entry: str, tensors: list):
        self.left = iter([{entry: tensor} for tensor in tensors])

    def get_next(self):
        return next(self.left, None)


def session(model: bytes, **entries: str) -> onnxruntime.InferenceSession:
    """With ONNX Runtime's own settings."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    for key, value in entries.items():
        options.add_session_config_entry(key.replace("_", ".", 1), value)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def fit(net: Net, tensors: list):
    """Scales the last layer until the logits of the images have a mean of 0 and a deviation of 2, so that each image has classes of its own."""
    for values, weights, bias in net.heads:
        bare = session(net.model(values).SerializeToString())
        rows = np.concatenate([bare.run([values], {net.entry: tensor})[0].mean(axis=(2, 3)) if net.weights[weights].ndim == 4
                               else bare.run([values], {net.entry: tensor})[0] for tensor in tensors]).astype(np.float64)
        scale = rows.std(axis=0) + 0.02 * rows.std() + 1e-6
        shape = (1, -1, *[1] * (net.weights[weights].ndim - 2))
        scaled = net.weights[weights].astype(np.float64) / scale.reshape(shape)
        logits = rows @ scaled.reshape(len(scaled), -1).T
        scaled *= 2 / (logits - logits.mean(axis=0)).std()
        net.weights[weights] = scaled.astype(np.float32)
        net.weights[bias] = -(rows @ scaled.reshape(len(scaled), -1).T).mean(axis=0).astype(np.float32)


def modern(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph in an opset that the tools for 8 bits take, without weights among the inputs."""
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    model.ir_version = max(model.ir_version, 7)
    opset = model.opset_import[0].version
    return model if opset >= 13 else version_converter.convert_version(model, 13)


def exported(net: Net, kind: str, tensors: list) -> bytes:
    model = net.model()
    if kind == "float32":
        return model.SerializeToString(deterministic=True)
    if kind == "float16":
        return float16.convert_float_to_float16(model).SerializeToString(deterministic=True)
    with tempfile.TemporaryDirectory() as folder:
        before, ready, after = (Path(folder) / name for name in ("before.onnx", "ready.onnx", "after.onnx"))
        before.write_bytes(modern(model).SerializeToString())
        quant_pre_process(before, ready, skip_symbolic_shape=True)
        if kind == "int8-qdq":
            types = {"weight_type": QuantType.QInt8, "activation_type": QuantType.QUInt8}
            quantize_static(ready, after, Images(net.entry, tensors), quant_format=QuantFormat.QDQ, per_channel=True, **types)
        elif net.linear_only:  # as Optimum does
            quantize_dynamic(ready, after, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm", "Attention"])
        else:  # ConvInteger takes unsigned weights only
            quantize_dynamic(ready, after, weight_type=QuantType.QUInt8)
        return after.read_bytes()
