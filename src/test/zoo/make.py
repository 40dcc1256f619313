"""Writes networks with the architectures of well-known classifiers and random weights, in four exports each, and what ONNX Runtime answers.

`models/<export>/` are model repositories; `zoo.tsv` lists what is in them. `outputs/` has each graph's raw output for the two images, whose
tensors are in `inputs/`. Everything is seeded. ZooIT runs this, loads all and compares; see README.md.
"""

import argparse
import contextlib
import io
import json
import logging
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

import attention
import convolutional
import mobile
from exports import EXPORTS, exported, fit, session

SIDE = 224
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CROP = {"do_center_crop": True, "crop_size": {"height": SIDE, "width": SIDE}}  # of images that have this size
PREPROCESSOR = {"do_resize": False, **CROP, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": DEVIATION}


def alexnet(seed: int):
    return convolutional.probabilities(*convolutional.alexnet(seed))


def caffenet(seed: int):
    return convolutional.probabilities(*convolutional.alexnet(seed, lrn_first=False))


def rcnn(seed: int):
    """CaffeNet's layers and 200 classes, without a softmax."""
    net, x = convolutional.alexnet(seed, lrn_first=False)
    net.finish(net.head(x, 200), "fc-rcnn_1", [1, 200])
    return net


NETWORKS = {
    "AlexNet": alexnet,
    "CaffeNet": caffenet,
    "R-CNN ILSVRC13": rcnn,
    "ZFNet-512": convolutional.zfnet,
    "VGG-16": lambda seed: convolutional.vgg(seed, (2, 2, 3, 3, 3)),
    "VGG-19": lambda seed: convolutional.vgg(seed, (2, 2, 4, 4, 4)),
    "GoogLeNet": lambda seed: convolutional.googlenet(seed, [0, 0, 1, 1]),
    "Inception v1": lambda seed: convolutional.googlenet(seed, [0, 0, 2, 2]),
    "Inception v2": convolutional.inception_v2,
    "ResNet-18 v1": lambda seed: convolutional.resnet(seed, (2, 2, 2, 2), deep=False, second=False),
    "ResNet-50 v1": lambda seed: convolutional.resnet(seed, (3, 4, 6, 3), deep=True, second=False),
    "ResNet-18 v2": lambda seed: convolutional.resnet(seed, (2, 2, 2, 2), deep=False, second=True),
    "ResNet-50 v2": lambda seed: convolutional.resnet(seed, (3, 4, 6, 3), deep=True, second=True),
    "SqueezeNet 1.0": lambda seed: convolutional.squeezenet(seed, "1.0"),
    "SqueezeNet 1.1": lambda seed: convolutional.squeezenet(seed, "1.1"),
    "DenseNet-121": convolutional.densenet,
    "MobileNet v2": mobile.mobilenet_v2,
    "MobileNet v3": mobile.mobilenet_v3,
    "ShuffleNet v1": mobile.shufflenet_v1,
    "ShuffleNet v2": mobile.shufflenet_v2,
    "EfficientNet-Lite4": mobile.efficientnet_lite4,
    "EfficientNet-B0": mobile.efficientnet,
    "ResNeXt-50": mobile.resnext,
    "RegNetY": mobile.regnet,
    "ConvNeXt": mobile.convnext,
    "ViT": attention.vit,
    "DeiT": attention.deit,
    "Swin": attention.swin,
    "LeViT": attention.levit,
    "MLP-Mixer": attention.mixer,
    "ResMLP": attention.resmlp,
}


def drawing(seed: int) -> np.ndarray:
    """Random colors at several scales, [height,width,3]."""
    random = np.random.default_rng(seed)
    layers = [np.kron(random.uniform(0, 255, (cells, cells, 3)), np.ones((SIDE // cells, SIDE // cells, 1))) for cells in (2, 7, 28, 224)]
    return np.tensordot(random.dirichlet([1] * len(layers)), np.stack(layers), 1).round().astype(np.uint8)


def tensor(pixels: np.ndarray, last: bool) -> np.ndarray:
    """The preprocessing of PREPROCESSOR, as the slow processors of transformers do it."""
    scaled = (pixels.astype(np.float64) * (1 / 255)).astype(np.float32)
    values = (scaled - np.asarray(MEAN, np.float32)) / np.asarray(DEVIATION, np.float32)
    return values[None] if last else values.transpose(2, 0, 1)[None].copy()


def exact(model: bytes):
    """A session whose sums of 8-bit products do not overflow: on a processor without VNNI this has to be asked for, and not every graph allows it."""
    if "vnni" in Path("/proc/cpuinfo").read_text():
        return session(model)
    try:
        return session(model, session_x64quantprecision="1")
    except Exception:
        return session(model)


def write(out: Path, name: str, seed: int, images: list) -> list:
    net = NETWORKS[name](seed)
    net.linear_only = NETWORKS[name].__module__ == "attention"
    last = net.shape[-1] == 3
    tensors = [tensor(image, last) for image in images]
    fit(net, tensors)
    rows = []
    for kind in EXPORTS:
        graph = exported(net, kind, tensors[2:5])
        model = name.lower().replace(" ", "-").replace(".", "")
        folder = out / "models" / kind / model
        folder.mkdir(parents=True)
        (folder / "model.onnx").write_bytes(graph)
        (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR, indent=2) + "\n")
        runner = exact(graph)
        element = np.float16 if kind == "float16" else np.float32
        answers = [runner.run(None, {net.entry: value.astype(element)})[0] for value in tensors[:2]]
        assert all(np.isfinite(answer).all() for answer in answers), f"{folder} overflows"
        assert np.abs(answers[0] - answers[1]).max() > 0.1 * np.ptp(answers[0]), f"{folder} gives every image the same scores"
        (out / "outputs" / f"{model}-{kind}").write_bytes(b"".join(answer.tobytes() for answer in answers))
        rows.append([name, net.opset, kind, model, f"{np.dtype(element).name}-{'nhwc' if last else 'nchw'}", answers[0].size, "probabilities" if net.nodes[-1].op_type == "Softmax" else "logits", len(graph)])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--only", nargs="*", default=list(NETWORKS))
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    out = arguments.out
    for folder in ("inputs", "outputs", "models"):
        (out / folder).mkdir(parents=True)
    images = [drawing(seed) for seed in range(10)]
    for i, image in enumerate(images[:2]):
        Image.fromarray(image).save(out / f"inputs/{i}.png")
        for last in (False, True):
            for element in ("float32", "float16"):
                (out / f"inputs/{element}-{'nhwc' if last else 'nchw'}-{i}").write_bytes(tensor(image, last).astype(element).tobytes())
    columns = ["network", "opset", "export", "model", "input", "classes", "scores", "bytes"]
    table = ["\t".join(columns)]
    for name in arguments.only:
        with contextlib.redirect_stdout(io.StringIO()):
            rows = write(out, name, zlib.crc32(name.encode()), images)
        table += ["\t".join(map(str, row)) for row in rows]
        print(name, *(row[-1] for row in rows), flush=True)
    (out / "zoo.tsv").write_text("\n".join(table) + "\n")


if __name__ == "__main__":
    sys.exit(main())
