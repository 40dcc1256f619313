"""The older convolutional networks of the zoo, a tenth as wide: their layers, in their order, as Caffe2 and MXNet export them."""

from layers import Net

CLASSES = 1000


def caffe2(seed: int, opset: int = 9, entry: str = "data_0") -> Net:
    """As the zoo's conversions from Caffe2: one image at a time, weights among the inputs."""
    return Net(seed, opset, 3, entry, [1, 3, 224, 224], listed=True)


def mxnet(seed: int) -> Net:
    return Net(seed, 7, 3, "data", ["N", 3, 224, 224], listed=True)


def dense(net: Net, x: str, side: int, width: int = 96):
    """Two hidden layers with dropout; returns what the last layer takes."""
    size = net.channels[x] * side * side
    x = net.reshape(x, 1 if net.shape[0] == 1 else -1, size)
    for _ in range(2):
        x = net.dropout(net.activate(net.gemm(x, width, size), "Relu"))
        size = width
    return x


def probabilities(net: Net, x: str, output: str = "prob_1") -> Net:
    net.finish(net.softmax(net.head(x, CLASSES)), output, [1, CLASSES])
    return net


def alexnet(seed: int, lrn_first: bool = True) -> tuple[Net, str]:
    net = caffe2(seed)
    x = net.entry
    for out, kernel, stride, pad, groups in ((24, 11, 4, 0, 1), (32, 5, 1, 2, 2)):
        x = net.activate(net.conv(x, out, kernel, stride, pad, groups), "Relu")
        x = net.max_pool(net.lrn(x)) if lrn_first else net.lrn(net.max_pool(x))
    for out, groups in ((48, 1), (48, 2), (32, 2)):
        x = net.activate(net.conv(x, out, 3, groups=groups), "Relu")
    return net, dense(net, net.max_pool(x), 5)


def zfnet(seed: int) -> Net:
    net = caffe2(seed, entry="gpu_0/data_0")
    x = net.entry
    for out, kernel, stride, pad in ((16, 7, 2, 1), (32, 5, 2, 0)):
        x = net.max_pool(net.lrn(net.activate(net.conv(x, out, kernel, stride, pad), "Relu")), pads=[0, 0, 1, 1])
    for out in (48, 64, 48):
        x = net.activate(net.conv(x, out, 3), "Relu")
    return probabilities(net, dense(net, net.max_pool(x), 6), "gpu_0/softmax_1")


def vgg(seed: int, depths: tuple) -> Net:
    net = mxnet(seed)
    x = net.entry
    for out, depth in zip((8, 16, 24, 32, 32), depths):
        for _ in range(depth):
            x = net.activate(net.conv(x, out, 3), "Relu")
        x = net.max_pool(x, 2)
    net.finish(net.head(dense(net, x, 7), CLASSES), "vgg0_dense2_fwd", ["N", CLASSES])
    return net


def inception(net: Net, x: str, ones: int, narrow: tuple, wide: tuple, pooled: int) -> str:
    """Four branches: 1×1, 3×3, 5×5, pooled."""
    branches = [net.activate(net.conv(x, ones), "Relu")]
    for (inner, out), kernel in ((narrow, 3), (wide, 5)):
        branches.append(net.activate(net.conv(net.activate(net.conv(x, inner), "Relu"), out, kernel), "Relu"))
    branches.append(net.activate(net.conv(net.max_pool(x, 3, 1, 1), pooled), "Relu"))
    return net.concat(*branches)


GOOGLE = ((8, (12, 16), (2, 4), 4), (16, (16, 24), (4, 12), 8), None, (24, (12, 26), (2, 6), 8), (20, (14, 28), (3, 8), 8), (16, (16, 32), (3, 8), 8),
          (14, (18, 36), (4, 8), 8), (32, (20, 40), (4, 16), 16), None, (32, (20, 40), (4, 16), 16), (48, (24, 48), (6, 16), 16))


def googlenet(seed: int, odd: list) -> Net:
    """GoogLeNet; `odd` pads its pools: on both sides, or on the far one only, as Caffe rounds up."""
    net = caffe2(seed)
    x = net.lrn(net.max_pool(net.activate(net.conv(net.entry, 8, 7, 2), "Relu"), pads=odd))
    x = net.activate(net.conv(x, 8), "Relu")
    x = net.max_pool(net.lrn(net.activate(net.conv(x, 24, 3), "Relu")), pads=odd)
    for sizes in GOOGLE:
        x = inception(net, x, *sizes) if sizes else net.max_pool(x, pads=odd)
    x = net.dropout(net.average_pool(x, 7))
    return probabilities(net, net.reshape(x, 1, net.channels[x]))


def inception_v2(seed: int) -> Net:
    """Two 3×3 in place of a 5×5, normalization everywhere, and modules that halve the sides."""
    net = caffe2(seed)

    def unit(x: str, out: int, kernel: int = 1, stride: int = 1) -> str:
        return net.activate(net.scaled(net.conv(x, out, kernel, stride)), "Relu")

    def module(x: str, ones: int, narrow: tuple, twice: tuple, pooled: int) -> str:
        stride = 1 if ones else 2
        branches = [unit(x, ones)] if ones else []
        branches += [unit(unit(x, narrow[0]), narrow[1], 3, stride), unit(unit(unit(x, twice[0]), twice[1], 3), twice[1], 3, stride)]
        if pooled:
            branches.append(unit(net.average_pool(x, 3, 1, 1), pooled))
        else:
            branches.append(net.max_pool(x, 3, stride, [0, 0, 1, 1] if stride == 2 else 1))
        return net.concat(*branches)

    x = net.max_pool(unit(net.entry, 8, 7, 2), pads=[0, 0, 1, 1])
    x = net.max_pool(unit(unit(x, 8), 24, 3), pads=[0, 0, 1, 1])
    modules = [(8, (8, 8), (8, 12), 4), (8, (8, 12), (8, 12), 8), (0, (16, 20), (8, 12), 0), (28, (8, 12), (12, 16), 16), (24, (12, 16), (12, 16), 16),
               (20, (16, 20), (16, 20), 16), (12, (16, 24), (20, 24), 16), (0, (16, 24), (24, 32), 0), (44, (24, 40), (20, 28), 16), (44, (24, 40), (24, 28), 0)]
    for sizes in modules:
        x = module(x, *sizes)
    return probabilities(net, net.reshape(net.average_pool(x, 7), 1, net.channels[net.nodes[-1].output[0]]))


def densenet(seed: int, growth: int = 4) -> Net:
    net = caffe2(seed)

    def unit(x: str, out: int, kernel: int = 1) -> str:
        return net.conv(net.activate(net.scaled(x), "Relu"), out, kernel, bias=False)

    x = net.max_pool(net.activate(net.scaled(net.conv(net.entry, 8, 7, 2, bias=False)), "Relu"), pads=1)
    for depth in (6, 12, 24, 16):
        if depth > 6:
            x = net.average_pool(unit(x, net.channels[x] // 2), 2, 2)
        for _ in range(depth):
            x = net.concat(x, unit(unit(x, 4 * growth), growth, 3))
    x = net.node("GlobalAveragePool", net.activate(net.scaled(x), "Relu"))
    x = net.conv(x, CLASSES)  # the zoo's classifier is a convolution, and two dimensions of 1 stay behind the classes
    net.heads.append(tuple(net.nodes[-1].input))
    net.finish(x, "fc6_1", [1, CLASSES, 1, 1])
    return net


def squeezenet(seed: int, version: str) -> Net:
    net = caffe2(seed) if version == "1.0" else mxnet(seed)
    large = version == "1.0"
    x = net.max_pool(net.activate(net.conv(net.entry, 12 if large else 8, 7 if large else 3, 2, 0), "Relu"))
    pools = (2, 6) if large else (1, 3)
    for i, squeeze in enumerate((4, 4, 6, 6, 8, 8, 10, 10)):
        x = net.activate(net.conv(x, squeeze), "Relu")
        x = net.concat(*(net.activate(net.conv(x, 4 * squeeze, kernel), "Relu") for kernel in (1, 3)))
        if i in pools:
            x = net.max_pool(x)
    x = net.conv(net.dropout(x), CLASSES)  # the classifier, at each place
    net.heads.append(tuple(net.nodes[-1].input))
    x = net.node("GlobalAveragePool", net.activate(x, "Relu"))
    if large:
        net.finish(net.softmax(x), "softmaxout_1", [1, CLASSES, 1, 1])
    else:
        net.finish(net.reshape(x, 0, -1), "squeezenet0_flatten0_reshape0", ["N", CLASSES])
    return net


def ends(net: Net, x: str) -> Net:
    net.finish(net.head(x, CLASSES), "dense0_fwd", ["N", CLASSES])
    return net


def resnet(seed: int, depths: tuple, deep: bool, second: bool, groups: int = 1) -> Net:
    """ResNet; `deep` blocks have three convolutions, those of the `second` version normalize first."""
    net = mxnet(seed)
    x = net.norm(net.entry) if second else net.entry
    x = net.max_pool(net.block(x, 16, 7, 2), pads=1)
    for stage, depth in enumerate(depths):
        width = 8 << stage
        for i in range(depth):
            x = residual(net, x, width, 2 if stage and not i else 1, deep, second, groups)
    return ends(net, net.features(net.activate(net.norm(x), "Relu") if second else x))


def residual(net: Net, x: str, width: int, stride: int, deep: bool, second: bool, groups: int) -> str:
    out = width * 4 if deep else width
    layers = [(width, 1, 1, 1), (width, 3, stride, groups), (out, 1, 1, 1)] if deep else [(width, 3, stride, 1), (width, 3, 1, 1)]
    aside = x
    if second:
        x = net.activate(net.norm(x), "Relu")
    if net.channels[aside] != out or stride > 1:
        aside = net.conv(x, out, 1, stride, bias=False) if second else net.block(x, out, 1, stride, kind="")
    for i, (size, kernel, step, parts) in enumerate(layers):
        last = i == len(layers) - 1
        x = net.conv(x, size, kernel, step, groups=parts, bias=False, gain=0.5 if last and second else 2)
        if not last or not second:
            x = net.norm(x, 0.4 if last else 1)
        if not last:
            x = net.activate(x, "Relu")
    return net.add(x, aside) if second else net.activate(net.add(x, aside), "Relu")
