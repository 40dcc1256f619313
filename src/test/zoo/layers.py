"""Builds ONNX graphs layer by layer, with random weights, and writes each layer as the graph's opset has it."""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper


class Net:
    """Collects nodes and weights. A value is known by its name; `channels` has the size of its channel dimension.

    `listed` puts the weights among the graph's inputs, too, as exporters did before IR version 4.
    """

    def __init__(self, seed: int, opset: int, ir: int, entry: str, shape: list, listed: bool = False):
        self.random = np.random.default_rng(seed)
        self.opset, self.ir, self.listed = opset, ir, listed
        self.entry, self.shape = entry, shape
        self.nodes, self.weights = [], {}
        self.channels = {entry: 3}
        self.heads = []
        self.leaving = None

    def constant(self, value, dtype=np.float32) -> str:
        name = f"w{len(self.weights)}"
        self.weights[name] = np.asarray(value, dtype)
        return name

    def integers(self, *values: int) -> str:
        return self.constant(values, np.int64)

    def node(self, kind: str, *inputs: str, outputs: int = 0, channels: int = 0, **attributes):
        """Appends a node; its value has the channels of its first input, unless `channels` says otherwise."""
        names = [f"v{len(self.nodes)}" + (f"_{i}" if outputs else "") for i in range(outputs or 1)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"{kind}_{len(self.nodes)}", **attributes))
        for name in names:
            self.channels[name] = channels or self.channels.get(inputs[0], 0)
        return names if outputs else names[0]

    def normal(self, *shape: int, fan_in: int, gain: float = 2) -> np.ndarray:
        return self.random.normal(0, np.sqrt(gain / fan_in), shape)

    def conv(self, x: str, out: int, kernel=1, stride: int = 1, pads=None, groups: int = 1, bias: bool = True, gain: float = 2) -> str:
        high, wide = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        each = self.channels[x] // groups
        weights = [self.constant(self.normal(out, each, high, wide, fan_in=each * high * wide, gain=gain))]
        if bias:
            weights.append(self.constant(self.random.normal(0, 0.1, out)))
        pads = [high // 2, wide // 2] * 2 if pads is None else pads if isinstance(pads, list) else [pads] * 4
        return self.node("Conv", x, *weights, channels=out, kernel_shape=[high, wide], strides=[stride] * 2, pads=pads, group=groups)

    def depthwise(self, x: str, kernel: int = 3, stride: int = 1, bias: bool = False) -> str:
        return self.conv(x, self.channels[x], kernel, stride, groups=self.channels[x], bias=bias)

    def norm(self, x: str, gain: float = 1) -> str:
        """A BatchNormalization as training leaves it; `gain` is small where a branch ends."""
        size = self.channels[x]
        values = [gain * self.random.uniform(0.8, 1.2, size), self.random.normal(0, 0.1, size), self.random.normal(0, 0.1, size), self.random.uniform(0.8, 1.2, size)]
        return self.node("BatchNormalization", x, *map(self.constant, values), epsilon=1e-5)

    def scaled(self, x: str, gain: float = 1) -> str:
        """A BatchNormalization, and a scale and an offset of its own after it, as Caffe has them."""
        x = self.norm(x, gain)
        size = self.channels[x]
        x = self.node("Mul", x, self.constant(self.random.uniform(0.9, 1.1, (size, 1, 1))))
        return self.node("Add", x, self.constant(self.random.normal(0, 0.05, (size, 1, 1))))

    def activate(self, x: str, kind: str) -> str:
        """Appends `Relu` or one of: relu6, hardswish, silu, gelu."""
        if kind == "relu6" and self.opset < 11:
            return self.node("Clip", x, min=0.0, max=6.0)
        if kind == "relu6":
            return self.node("Clip", x, self.constant(0), self.constant(6))
        if kind == "hardswish" and self.opset >= 14:
            return self.node("HardSwish", x)
        if kind == "hardswish":
            gate = self.node("Clip", self.node("Add", x, self.constant(3)), self.constant(0), self.constant(6))
            return self.node("Div", self.node("Mul", x, gate), self.constant(6))
        if kind == "silu":
            return self.node("Mul", x, self.node("Sigmoid", x))
        if kind == "gelu":
            erf = self.node("Erf", self.node("Div", x, self.constant(np.sqrt(2))))
            return self.node("Mul", self.node("Mul", x, self.node("Add", erf, self.constant(1))), self.constant(0.5))
        return self.node(kind, x)

    def block(self, x: str, out: int, kernel=1, stride: int = 1, kind: str = "Relu", groups: int = 1, pads=None) -> str:
        """Convolution, normalization, activation."""
        x = self.norm(self.conv(x, out, kernel, stride, groups=groups, bias=False, pads=pads))
        return self.activate(x, kind) if kind else x

    def max_pool(self, x: str, kernel: int = 3, stride: int = 2, pads=0) -> str:
        return self.pool("MaxPool", x, kernel, stride, pads)

    def average_pool(self, x: str, kernel: int, stride: int = 1, pads=0) -> str:
        return self.pool("AveragePool", x, kernel, stride, pads)

    def pool(self, kind: str, x: str, kernel: int, stride: int, pads) -> str:
        return self.node(kind, x, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads if isinstance(pads, list) else [pads] * 4)

    def lrn(self, x: str) -> str:
        return self.node("LRN", x, size=5, alpha=1e-4, beta=0.75, bias=1.0)

    def add(self, x: str, y: str) -> str:
        return self.node("Add", x, y)

    def concat(self, *values: str, axis: int = 1) -> str:
        return self.node("Concat", *values, axis=axis, channels=sum(self.channels[value] for value in values) if axis == 1 else self.channels[values[0]])

    def split(self, x: str, axis: int, sizes: list) -> list:
        sized = {"split": sizes} if self.opset < 13 else {}
        names = self.node("Split", x, *([] if sized else [self.integers(*sizes)]), outputs=len(sizes), axis=axis, **sized)
        for name, size in zip(names, sizes):
            self.channels[name] = size
        return names

    def slice(self, x: str, axis: int, start: int, end: int, step: int = 1) -> str:
        return self.node("Slice", x, *(self.integers(value) for value in (start, end, axis, step)))

    def dropout(self, x: str) -> str:
        return self.node("Dropout", x, **({"ratio": 0.5} if self.opset < 12 else {}))

    def reshape(self, x: str, *shape: int) -> str:
        return self.node("Reshape", x, self.integers(*shape))

    def transpose(self, x: str, *order: int) -> str:
        return self.node("Transpose", x, perm=list(order))

    def mean(self, x: str, *axes: int, keep: bool = False) -> str:
        return self.node("ReduceMean", x, axes=list(axes), keepdims=int(keep))

    def features(self, x: str) -> str:
        """[N,C,H,W] to [N,C]."""
        return self.node("Flatten", self.node("GlobalAveragePool", x), axis=1)

    def squeeze_excite(self, x: str, inner: int, kind: str = "Relu", gate: str = "Sigmoid") -> str:
        size = self.channels[x]
        y = self.activate(self.conv(self.node("GlobalAveragePool", x), inner), kind)
        return self.node("Mul", x, self.node(gate, self.conv(y, size)))

    def gemm(self, x: str, out: int, size: int = 0) -> str:
        """A linear layer on [N,size]."""
        size = size or self.channels[x]
        weights = self.constant(self.normal(out, size, fan_in=size)), self.constant(self.random.normal(0, 0.1, out))
        return self.node("Gemm", x, *weights, transB=1, channels=out)

    def linear(self, x: str, out: int, bias: bool = True, gain: float = 1) -> str:
        """A linear layer on the last dimension, as PyTorch's exporter writes it."""
        y = self.node("MatMul", x, self.constant(self.normal(self.channels[x], out, fan_in=self.channels[x], gain=gain)), channels=out)
        return self.node("Add", self.constant(self.random.normal(0, 0.1, out)), y, channels=out) if bias else y

    def layer_norm(self, x: str) -> str:
        size = self.channels[x]
        scale, offset = self.constant(self.random.uniform(0.8, 1.2, size)), self.constant(self.random.normal(0, 0.1, size))
        if self.opset >= 17:
            return self.node("LayerNormalization", x, scale, offset, axis=-1, epsilon=1e-6)
        centered = self.node("Sub", x, self.mean(x, -1, keep=True))
        variance = self.mean(self.node("Pow", centered, self.constant(2)), -1, keep=True)
        deviation = self.node("Sqrt", self.node("Add", variance, self.constant(1e-6)))
        return self.node("Add", self.node("Mul", self.node("Div", centered, deviation), scale), offset)

    def head(self, x: str, classes: int = 1000) -> str:
        """The last linear layer, on [N,C]; `fit` scales its weights."""
        y = self.gemm(x, classes)
        self.heads.append((x, *self.nodes[-1].input[1:]))
        return y

    def softmax(self, x: str, axis: int = 1) -> str:
        return self.node("Softmax", x, axis=axis)

    def finish(self, x: str, output: str, shape: list):
        self.nodes[-1].output[0] = output
        self.leaving = (output, shape)

    def model(self, *also: str):
        """The graph; `also` names values that become outputs."""
        tensors = [numpy_helper.from_array(value, name) for name, value in self.weights.items()]
        inputs = [helper.make_tensor_value_info(self.entry, TensorProto.FLOAT, self.shape)]
        if self.listed:
            inputs += [helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims) for tensor in tensors]
        outputs = [helper.make_tensor_value_info(self.leaving[0], TensorProto.FLOAT, self.leaving[1])]
        outputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in also]
        graph = helper.make_graph(self.nodes, "zoo", inputs, outputs, tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=self.ir, producer_name="zoo")
        if not also:
            checker.check_model(model)
        return model
