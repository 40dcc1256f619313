"""Transformers and networks of linear layers, thin and as deep as they are published, as PyTorch's exporter writes them."""

import numpy as np

from convolutional import CLASSES
from layers import Net
from mobile import logits, pytorch


def patches(net: Net, x: str, width: int, side: int) -> str:
    """[N,3,224,224] to [N,places,width]."""
    x = net.conv(x, width, side, side, 0)
    places = (224 // side) ** 2
    return net.transpose(net.reshape(x, 0, width, places), 0, 2, 1)


def tokens(net: Net, x: str, count: int) -> str:
    """Puts learned tokens before the places of each image; the number of images is read from the value, as exporters do."""
    width = net.channels[x]
    images = net.node("Gather", net.node("Shape", net.entry), net.constant(0, np.int64), axis=0)
    images = net.reshape(images, 1)
    for _ in range(count):
        shape = net.node("Concat", images, net.integers(1, width), axis=0)
        token = net.node("Expand", net.constant(net.random.normal(0, 0.5, (1, 1, width))), shape)
        net.channels[token] = width
        x = net.concat(token, x, axis=-2)
        net.channels[x] = width
    return x


def heads(net: Net, x: str, places: int, count: int, order: tuple, size: int) -> str:
    return net.transpose(net.reshape(x, -1, places, count, size), *order)


def attend(net: Net, q: str, k: str, v: str, scale: float, bias: str = "", mask=None) -> str:
    """Softmax of products, times values; `mask` maps the products where windows are shifted."""
    products = net.node("Mul", net.node("MatMul", q, k), net.constant(scale))
    if bias:
        products = net.add(products, bias)
    if mask:
        products = mask(products)
    return net.node("MatMul", net.softmax(products, -1), v)


def self_attention(net: Net, x: str, places: int, count: int, bias: str = "", mask=None, together: bool = False) -> str:
    """Several heads; queries, keys and values of one layer if `together`, as in timm, else of three, as in transformers."""
    width = net.channels[x]
    size = width // count
    if together:
        joined = net.transpose(net.reshape(net.linear(x, 3 * width), -1, places, 3, count, size), 2, 0, 3, 1, 4)
        q, k, v = (net.node("Gather", joined, net.constant(i, np.int64), axis=0) for i in range(3))
        k = net.transpose(k, 0, 1, 3, 2)
    else:
        q = heads(net, net.linear(x, width), places, count, (0, 2, 1, 3), size)
        k = heads(net, net.linear(x, width), places, count, (0, 2, 3, 1), size)
        v = heads(net, net.linear(x, width), places, count, (0, 2, 1, 3), size)
    y = net.transpose(attend(net, q, k, v, 1 / np.sqrt(size), bias, mask), 0, 2, 1, 3)
    y = net.reshape(y, -1, places, width)
    net.channels[y] = width
    return net.linear(y, width)


def mlp(net: Net, x: str, inner: int, kind: str = "gelu") -> str:
    return net.linear(net.activate(net.linear(x, inner), kind), net.channels[x])


def encoder(net: Net, x: str, depth: int, places: int, together: bool) -> str:
    for _ in range(depth):
        x = net.add(self_attention(net, net.layer_norm(x), places, 3, together=together), x)
        x = net.add(mlp(net, net.layer_norm(x), 2 * net.channels[x]), x)
    return net.layer_norm(x)


def placed(net: Net, x: str, places: int) -> str:
    return net.add(x, net.constant(net.random.normal(0, 0.5, (1, places, net.channels[x]))))


def token(net: Net, x: str, index: int) -> str:
    return net.node("Gather", x, net.constant(index, np.int64), axis=1)


def vit(seed: int) -> Net:
    net = pytorch(seed, 17)
    x = placed(net, tokens(net, patches(net, net.entry, 48, 16), 1), 197)
    return logits(net, token(net, encoder(net, x, 12, 197, together=False), 0))


def deit(seed: int) -> Net:
    """With a token for distillation: the mean of two classifiers, of the opset before LayerNormalization."""
    net = pytorch(seed, 14)
    x = placed(net, tokens(net, patches(net, net.entry, 48, 16), 2), 198)
    x = encoder(net, x, 12, 198, together=True)
    both = net.add(net.head(token(net, x, 0), CLASSES), net.head(token(net, x, 1), CLASSES))
    net.finish(net.node("Div", both, net.constant(2)), "logits", ["batch_size", CLASSES])
    return net


def roll(net: Net, x: str, by: int) -> str:
    """Shifts rows and columns round, as torch.roll is exported."""
    for axis in (1, 2):
        x = net.concat(net.slice(x, axis, by, 2**31 - 1), net.slice(x, axis, 0, by), axis=axis)
        net.channels[x] = net.channels[net.nodes[-1].input[0]]
    return x


def shift_mask(side: int, window: int) -> np.ndarray:
    """[windows,1,places,places]: −100 between places that were not neighbours before the shift."""
    region = np.zeros((side, side))
    for i, rows in enumerate((slice(0, -window), slice(-window, -(window // 2)), slice(-(window // 2), None))):
        for j, columns in enumerate((slice(0, -window), slice(-window, -(window // 2)), slice(-(window // 2), None))):
            region[rows, columns] = 3 * i + j
    cut = region.reshape(side // window, window, side // window, window).transpose(0, 2, 1, 3).reshape(-1, window * window)
    return np.where(cut[:, None, :] == cut[:, :, None], 0, -100)[:, None]


def swin_block(net: Net, x: str, side: int, count: int, shifted: bool) -> str:
    width, window = net.channels[x], 7
    places, each = window * window, side // window
    y = net.reshape(net.layer_norm(x), -1, side, side, width)
    if shifted:
        y = roll(net, y, window // 2)
    y = net.transpose(net.reshape(y, -1, each, window, each, window, width), 0, 1, 3, 2, 4, 5)
    y = net.reshape(y, -1, places, width)
    net.channels[y] = width

    def mask(products: str) -> str:
        products = net.add(net.reshape(products, -1, each * each, count, places, places), net.constant(shift_mask(side, window)[None]))
        return net.reshape(products, -1, count, places, places)

    bias = net.constant(net.random.normal(0, 0.5, (1, count, places, places)))
    y = self_attention(net, y, places, count, bias, mask if shifted else None)
    y = net.transpose(net.reshape(y, -1, each, each, window, window, width), 0, 1, 3, 2, 4, 5)
    y = net.reshape(y, -1, side, side, width)
    net.channels[y] = width
    if shifted:
        y = roll(net, y, -(window // 2))
    y = net.reshape(y, -1, side * side, width)
    net.channels[y] = width
    x = net.add(x, y)
    return net.add(x, mlp(net, net.layer_norm(x), 2 * width))


def swin(seed: int) -> Net:
    net = pytorch(seed, 16)
    side, width = 56, 12
    x = net.layer_norm(patches(net, net.entry, width, 4))
    for stage, depth in enumerate((2, 2, 6, 2)):
        if stage:
            x = net.reshape(x, -1, side, side, width)
            net.channels[x] = width
            corners = [net.slice(net.slice(x, 1, row, 2**31 - 1, 2), 2, column, 2**31 - 1, 2) for column in (0, 1) for row in (0, 1)]
            x = net.concat(*corners, axis=-1)
            side, width = side // 2, width * 2
            x = net.reshape(x, -1, side * side, 2 * width)
            net.channels[x] = 2 * width
            x = net.linear(net.layer_norm(x), width, bias=False)
        for i in range(depth):
            x = swin_block(net, x, side, 2 << stage, shifted=i % 2 == 1 and side > 7)
    return logits(net, net.mean(net.layer_norm(x), 1))


def flat_norm(net: Net, x: str, places: int, gain: float = 1) -> str:
    """LeViT's: a BatchNormalization of all places as one list."""
    width = net.channels[x]
    y = net.norm(net.reshape(x, -1, width), gain)
    y = net.reshape(y, -1, places, width)
    net.channels[y] = width
    return y


def levit_linear(net: Net, x: str, out: int, places: int, gain: float = 1) -> str:
    return flat_norm(net, net.linear(x, out, bias=False), places, gain)


def levit_attention(net: Net, x: str, side: int, count: int, size: int, out: int, stride: int = 1) -> str:
    """Keys are narrower than values; with a `stride` the queries are of every second place."""
    places, fewer = side * side, (-(-side // stride)) ** 2
    sizes = [size, 2 * size] if stride > 1 else [size, size, 2 * size]
    y = net.reshape(levit_linear(net, x, count * sum(sizes), places), -1, places, count, sum(sizes))
    parts = net.split(y, 3, sizes)
    if stride > 1:
        grid = net.reshape(x, -1, side, side, net.channels[x])
        grid = net.slice(net.slice(grid, 1, 0, 2**31 - 1, stride), 2, 0, 2**31 - 1, stride)
        at = net.reshape(grid, -1, fewer, net.channels[x])
        net.channels[at] = net.channels[x]
        parts.insert(0, net.reshape(levit_linear(net, at, count * size, fewer), -1, fewer, count, size))
    q, k, v = (net.transpose(part, *order) for part, order in zip(parts, ((0, 2, 1, 3), (0, 2, 3, 1), (0, 2, 1, 3))))
    bias = net.constant(net.random.normal(0, 0.5, (1, count, fewer, places)))
    y = net.transpose(attend(net, q, k, v, 1 / np.sqrt(size), bias), 0, 2, 1, 3)
    y = net.reshape(y, -1, fewer, count * size * 2)
    net.channels[y] = count * size * 2
    return levit_linear(net, net.activate(y, "hardswish"), out, fewer, 0.5)


def levit(seed: int) -> Net:
    net = pytorch(seed, 14)
    x = net.entry
    for out in (4, 8, 16, 32):
        x = net.block(x, out, 3, 2, "hardswish" if out < 32 else "")
    x = net.transpose(net.reshape(x, 0, 32, 196), 0, 2, 1)
    net.channels[x] = 32
    side = 14
    for stage, width in enumerate((32, 48, 64)):
        if stage:
            x = levit_attention(net, x, side, net.channels[x] // 8, 8, width, 2)
            side = -(-side // 2)
            y = levit_linear(net, x, 2 * width, side * side)
            x = net.add(x, levit_linear(net, net.activate(y, "hardswish"), width, side * side, 0.5))
        for _ in range(2 if stage == 0 else 3):
            x = net.add(x, levit_attention(net, x, side, 4, 8, width))
            y = levit_linear(net, x, 2 * width, side * side)
            x = net.add(x, levit_linear(net, net.activate(y, "hardswish"), width, side * side, 0.5))
    return logits(net, net.norm(net.mean(x, 1)))


def across(net: Net, x: str, places: int, layers) -> str:
    """Applies linear layers to the places of each channel, in place of the channels of each place."""
    width = net.channels[x]
    y = net.transpose(x, 0, 2, 1)
    net.channels[y] = places
    y = net.transpose(layers(y), 0, 2, 1)
    net.channels[y] = width
    return y


def mixer(seed: int) -> Net:
    net = pytorch(seed, 17)
    x = patches(net, net.entry, 48, 16)
    for _ in range(8):
        x = net.add(x, across(net, net.layer_norm(x), 196, lambda y: mlp(net, y, 48)))
        x = net.add(x, mlp(net, net.layer_norm(x), 96))
    return logits(net, net.mean(net.layer_norm(x), 1))


def resmlp(seed: int) -> Net:
    net = pytorch(seed, 13)

    def affine(x: str, gain: float = 1) -> str:
        width = net.channels[x]
        x = net.node("Mul", net.constant(gain * net.random.uniform(0.8, 1.2, (1, 1, width))), x, channels=width)
        return net.add(x, net.constant(net.random.normal(0, 0.1, (1, 1, width))))

    x = patches(net, net.entry, 48, 16)
    for _ in range(6):
        x = net.add(x, affine(across(net, affine(x), 196, lambda y: net.linear(y, 196)), 0.3))
        x = net.add(x, affine(mlp(net, affine(x), 96), 0.3))
    return logits(net, net.mean(affine(x), 1))
