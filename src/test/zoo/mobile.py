"""Networks made for phones, and those that were designed after them, a fraction as wide."""

from convolutional import CLASSES, caffe2, ends, mxnet, probabilities
from layers import Net


def pytorch(seed: int, opset: int = 17) -> Net:
    return Net(seed, opset, 8 if opset >= 14 else 6, "input", ["batch_size", 3, 224, 224])


def logits(net: Net, x: str) -> Net:
    net.finish(net.head(x, CLASSES), "output", ["batch_size", CLASSES])
    return net


def mobilenet_v2(seed: int) -> Net:
    net = mxnet(seed)
    x = net.block(net.entry, 8, 3, 2, "relu6")
    for expand, out, depth, stride in ((1, 4, 1, 1), (6, 6, 2, 2), (6, 8, 3, 2), (6, 16, 4, 2), (6, 24, 3, 1), (6, 40, 3, 2), (6, 64, 1, 1)):
        for i in range(depth):
            x = inverted(net, x, out, 3, stride if i == 0 else 1, net.channels[x] * expand, "relu6")
    return ends(net, net.features(net.block(x, 96, kind="relu6")))


def inverted(net: Net, x: str, out: int, kernel: int, stride: int, inner: int, kind: str, squeeze: int = 0, gate: str = "Sigmoid") -> str:
    """Widened, filtered channel by channel, weighted if it has a `squeeze`, narrowed."""
    start = x
    if inner != net.channels[x]:
        x = net.block(x, inner, kind=kind)
    x = net.activate(net.norm(net.depthwise(x, kernel, stride)), kind)
    if squeeze:
        x = net.squeeze_excite(x, squeeze, "silu" if kind == "silu" else "Relu", gate)
    x = net.norm(net.conv(x, out, bias=False), 2 if kind == "silu" else 0.7)
    return net.add(x, start) if stride == 1 and net.channels[start] == out else x


def mobilenet_v3(seed: int) -> Net:
    """The small one."""
    net = pytorch(seed)
    x = net.block(net.entry, 8, 3, 2, "hardswish")
    rows = ((3, 8, 8, True, "Relu", 2), (3, 24, 8, False, "Relu", 2), (3, 32, 8, False, "Relu", 1), (5, 32, 12, True, "hardswish", 2), (5, 64, 12, True, "hardswish", 1),
            (5, 64, 12, True, "hardswish", 1), (5, 40, 16, True, "hardswish", 1), (5, 48, 16, True, "hardswish", 1), (5, 96, 24, True, "hardswish", 2),
            (5, 144, 24, True, "hardswish", 1), (5, 144, 24, True, "hardswish", 1))
    for kernel, inner, out, squeeze, kind, stride in rows:
        x = inverted(net, x, out, kernel, stride, inner, kind, inner // 4 if squeeze else 0, "HardSigmoid")
    x = net.features(net.block(x, 96, kind="hardswish"))
    return logits(net, net.activate(net.gemm(x, 64), "hardswish"))


def efficientnet(seed: int) -> Net:
    net = pytorch(seed, 13)
    x = net.block(net.entry, 8, 3, 2, "silu")
    for kernel, expand, out, depth, stride in ((3, 1, 4, 1, 1), (3, 6, 6, 2, 2), (5, 6, 8, 2, 2), (3, 6, 16, 3, 2), (5, 6, 20, 3, 1), (5, 6, 32, 4, 2), (3, 6, 48, 1, 1)):
        for i in range(depth):
            x = inverted(net, x, out, kernel, stride if i == 0 else 1, net.channels[x] * expand, "silu", max(1, net.channels[x] // 4))
    return logits(net, net.features(net.block(x, 96, kind="silu")))


def efficientnet_lite4(seed: int) -> Net:
    """As tf2onnx converts it: channels last outside, padding that is uneven where a stride is 2, probabilities."""
    net = Net(seed, 11, 6, "images:0", [1, 224, 224, 3])
    x = net.transpose(net.entry, 0, 3, 1, 2)
    x = net.activate(net.norm(net.conv(x, 8, 3, 2, [0, 0, 1, 1], bias=False)), "relu6")
    for kernel, expand, out, depth, stride in ((3, 1, 6, 1, 1), (3, 6, 8, 4, 2), (5, 6, 12, 4, 2), (3, 6, 16, 6, 2), (5, 6, 24, 6, 1), (5, 6, 32, 8, 2), (3, 6, 48, 1, 1)):
        for i in range(depth):
            x = inverted(net, x, out, kernel, stride if i == 0 else 1, net.channels[x] * expand, "relu6")
    x = net.mean(net.block(x, 96, kind="relu6"), 2, 3, keep=True)
    x = net.reshape(x, 1, net.channels[x])
    return probabilities(net, x, "Softmax:0")


def shuffle(net: Net, x: str, groups: int, side: int) -> str:
    """Interleaves the channels of the groups."""
    size = net.channels[x]
    x = net.transpose(net.reshape(x, -1, groups, size // groups, side, side), 0, 2, 1, 3, 4)
    x = net.reshape(x, -1, size, side, side)
    net.channels[x] = size
    return x


def shufflenet_v1(seed: int) -> Net:
    net = caffe2(seed, entry="gpu_0/data_0")
    x = net.max_pool(net.block(net.entry, 12, 3, 2), pads=1)
    side = 56
    for out, depth in ((36, 4), (72, 8), (144, 4)):
        for i in range(depth):
            stride, start = (2, x) if i == 0 else (1, x)
            y = net.block(x, out // 4, groups=1 if net.channels[x] == 12 else 3)
            y = net.norm(net.depthwise(shuffle(net, y, 3, side), 3, stride))
            y = net.norm(net.conv(y, out - net.channels[start] if i == 0 else out, groups=3, bias=False), 0.7)
            side //= stride
            x = net.concat(net.average_pool(start, 3, 2, 1), y) if i == 0 else net.add(start, y)
            x = net.activate(x, "Relu")
    x = net.reshape(net.average_pool(x, 7), 1, net.channels[x])
    return probabilities(net, x, "gpu_0/softmax_1")


def shufflenet_v2(seed: int) -> Net:
    net = Net(seed, 10, 5, "input", ["batch_size", 3, 224, 224])
    x = net.max_pool(net.block(net.entry, 12, 3, 2), pads=1)
    side = 56
    for out, depth in ((24, 4), (48, 8), (96, 4)):
        for i in range(depth):
            half, stride = out // 2, 2 if i == 0 else 1
            if i == 0:
                left = net.block(net.norm(net.depthwise(x, 3, 2)), half)
                right = x
            else:
                left, right = net.split(x, 1, [half, half])
            right = net.block(right, half)
            right = net.block(net.norm(net.depthwise(right, 3, stride)), half)
            side //= stride
            x = shuffle(net, net.concat(left, right), 2, side)
    return logits(net, net.mean(net.block(x, 128), 2, 3))


def regnet(seed: int) -> Net:
    """RegNetY: convolutions in groups, with channels weighted."""
    net = pytorch(seed, 13)
    x = net.block(net.entry, 8, 3, 2)
    for out, depth in ((16, 1), (24, 3), (40, 6), (72, 6)):
        for i in range(depth):
            stride, start = (2, net.block(x, out, 1, 2, kind="")) if i == 0 else (1, x)
            inner = max(2, net.channels[x] // 4)
            y = net.block(net.block(x, out), out, 3, stride, groups=out // 8)
            y = net.norm(net.conv(net.squeeze_excite(y, inner), out, bias=False), 0.5)
            x = net.activate(net.add(start, y), "Relu")
    return logits(net, net.features(x))


def resnext(seed: int) -> Net:
    """ResNeXt-50: ResNet's blocks, with eight groups."""
    net = pytorch(seed, 12)
    x = net.max_pool(net.block(net.entry, 16, 7, 2), pads=1)
    for stage, depth in enumerate((3, 4, 6, 3)):
        inner, out = 16 << stage, 24 << stage
        for i in range(depth):
            stride = 2 if stage and i == 0 else 1
            start = net.block(x, out, 1, stride, kind="") if i == 0 else x
            y = net.block(net.block(x, inner), inner, 3, stride, groups=8)
            x = net.activate(net.add(net.norm(net.conv(y, out, bias=False), 0.5), start), "Relu")
    return logits(net, net.features(x))


def convnext(seed: int) -> Net:
    net = pytorch(seed)

    def last(x: str) -> str:
        return net.transpose(x, 0, 2, 3, 1)

    def first(x: str) -> str:
        return net.transpose(x, 0, 3, 1, 2)

    x = first(net.layer_norm(last(net.conv(net.entry, 12, 4, 4, 0))))
    for stage, depth in enumerate((3, 3, 9, 3)):
        width = 12 << stage
        if stage:
            x = net.conv(first(net.layer_norm(last(x))), width, 2, 2, 0)
        for _ in range(depth):
            y = net.layer_norm(last(net.depthwise(x, 7, bias=True)))
            y = net.linear(net.activate(net.linear(y, 2 * width), "gelu"), width)
            y = net.node("Mul", y, net.constant(net.random.uniform(0.1, 0.5, width)))
            x = net.add(x, first(y))
    return logits(net, net.layer_norm(net.mean(x, 2, 3)))
