"""Folders as `optimum-cli export onnx` leaves them, for ten architectures, and what transformers' own processors make of pictures.

config.json and preprocessor_config.json are written by transformers itself, with the settings that the best known checkpoint of each
architecture has; names, shapes and open dimensions of the graphs are those of Optimum's exporter. The networks are stand-ins: a stem with
the kernel, the stride and the activation of the architecture, weights for each place, a mean over all places, and a linear layer. All weights are
random; the last layer is scaled until the scores of the pictures differ, so that another filter, crop or mean shows (see `sensitivity`).

Runs beside make.py, with transformers 4.56.2: see README.md.
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import transformers
from onnx import TensorProto, helper, numpy_helper

import images
import photos as drawn
import preprocess
from answers import VERSIONS, scores, session, write_table

RESOURCES = Path(__file__).parent.parent / "resources"
LABELS = ["apple", "banana", "cherry", "damson", "elderberry", "fig", "grape", "hazelnut"]
CHANNELS = 8
TOLERANCE = 0.01  # what ExportsTest allows
IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
HALF = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
ALL_OPEN = ["batch_size", "num_channels", "height", "width"]
PICTURES = ("scene.png", "wide.png", "tall.png", "rgba.png", "gray-16bit.png", "palette.png", "420.jpg", "daisy.jpg", "orientation-6.jpg")
DRAWN_PHOTOS = ("444-640x480.jpg", "420-odd-size-501x333.jpg", "420-wide-900x250.jpg", "420-large-1024x768.jpg", "grey-500x375.jpg", "orientation-6-320x480.jpg")


class Architecture(NamedTuple):
    config: object
    processor: object
    side: int
    kernel: int
    stride: int
    activation: str
    inputs: list = ALL_OPEN
    outputs: list = ["batch_size", len(LABELS)]
    labels: list = LABELS


def architectures() -> dict[str, Architecture]:
    t = transformers
    square, edge = {"height": 224, "width": 224}, {"shortest_edge": 224}
    fixed = ["batch_size", 3, 224, 224]  # MobileNetV2 is exported with an open batch and nothing else open
    swin_stages = {"depths": [1, 1], "num_heads": [1, 1], "embed_dim": 8}
    efficient = IMAGENET | {"image_std": [0.47853944, 0.4732864, 0.47434163]}
    background = ["background", *LABELS]  # its checkpoints know one class more than ImageNet has
    return {
        "vit": Architecture(t.ViTConfig, t.ViTImageProcessor(size=square, **HALF), 224, 16, 16, "gelu"),
        "deit": Architecture(t.DeiTConfig, t.DeiTImageProcessor(size={"height": 256, "width": 256}, crop_size=square, **IMAGENET), 224, 16, 16, "gelu"),
        "beit": Architecture(t.BeitConfig, t.BeitImageProcessor(size=square, resample=2, do_center_crop=False, **HALF), 224, 16, 16, "gelu"),
        "swin": Architecture(lambda **k: t.SwinConfig(**swin_stages, **k), t.ViTImageProcessor(size=square, resample=3, **IMAGENET), 224, 4, 4, "gelu"),
        "convnext": Architecture(t.ConvNextConfig, t.ConvNextImageProcessor(size=edge, crop_pct=0.875, resample=3, **IMAGENET), 224, 4, 4, "gelu"),
        "convnext-384": Architecture(t.ConvNextConfig, t.ConvNextImageProcessor(size={"shortest_edge": 384}, crop_pct=1.0, resample=3, **IMAGENET), 384, 4, 4, "gelu"),
        "resnet": Architecture(t.ResNetConfig, t.ConvNextImageProcessor(size=edge, crop_pct=0.875, resample=3, **IMAGENET), 224, 7, 2, "relu"),
        "mobilenet_v2": Architecture(
            t.MobileNetV2Config, t.MobileNetV2ImageProcessor(**HALF), 224, 3, 2, "relu6", fixed, ["batch_size", len(background)], background
        ),
        "efficientnet": Architecture(
            t.EfficientNetConfig, t.EfficientNetImageProcessor(size=square, resample=0, **efficient), 224, 3, 2, "silu", outputs=["batch_size", "num_classes"]
        ),
        "levit": Architecture(t.LevitConfig, t.LevitImageProcessor(), 224, 3, 2, "hardswish"),
        "mobilevit": Architecture(t.MobileViTConfig, t.MobileViTImageProcessor(size={"shortest_edge": 288}, crop_size={"height": 256, "width": 256}), 256, 3, 2, "silu"),
    }


def activation(kind: str, value: str) -> tuple[list, list]:
    """Nodes from `value` to `activated`, as PyTorch's exporter writes them, and their constants."""

    def node(op, inputs, output, **attributes):
        return helper.make_node(op, inputs, [output], **attributes)

    if kind == "gelu":
        nodes = [node("Div", [value, "root_two"], "g1"), node("Erf", ["g1"], "g2"), node("Add", ["g2", "one"], "g3")]
        nodes += [node("Mul", [value, "g3"], "g4"), node("Mul", ["g4", "half"], "activated")]
        return nodes, [("root_two", np.sqrt(2)), ("one", 1), ("half", 0.5)]
    if kind == "relu":
        return [node("Relu", [value], "activated")], []
    if kind == "relu6":
        return [node("Clip", [value, "nought", "six"], "activated")], [("nought", 0), ("six", 6)]
    if kind == "silu":
        return [node("Sigmoid", [value], "s1"), node("Mul", [value, "s1"], "activated")], []
    return [node("HardSwish", [value], "activated")], []


def network(architecture: Architecture, seed: int, head=None) -> bytes:
    """The graph; without `head` it ends in the features, one a channel."""
    random = np.random.default_rng(seed)
    pads = (architecture.kernel - 1) // 2 if architecture.kernel != architecture.stride else 0
    grid = (architecture.side + 2 * pads - architecture.kernel) // architecture.stride + 1
    stem = random.normal(0, 1, (CHANNELS, 3, architecture.kernel, architecture.kernel))
    stem -= stem.mean(axis=(2, 3), keepdims=True) * (np.arange(CHANNELS) % 2).reshape(-1, 1, 1, 1)  # every other one sees edges only
    stem *= 3 / architecture.kernel
    rows = np.outer(np.linspace(0.2, 1.8, 8), np.linspace(0.4, 1.6, 8))  # the lower right weighs most, so that a wrong crop shows
    places = rows.repeat(-(-grid // 8), 0).repeat(-(-grid // 8), 1)[:grid, :grid]
    nodes, constants = activation(architecture.activation, "stem")
    nodes = [
        helper.make_node("Conv", ["pixel_values", "embeddings.weight", "embeddings.bias"], ["stem"], strides=[architecture.stride] * 2, pads=[pads] * 4),
        *nodes,
        helper.make_node("Mul", ["activated", "places"], ["placed"]),
        helper.make_node("ReduceMean", ["placed"], ["features"], axes=[2, 3], keepdims=0),
    ]
    weights = [("embeddings.weight", stem), ("embeddings.bias", random.normal(0, 0.5, CHANNELS)), ("places", places), *constants]
    outputs = [("features", ["batch_size", CHANNELS])]
    if head:
        nodes.append(helper.make_node("Gemm", ["features", "classifier.weight", "classifier.bias"], ["logits"], transB=1))
        weights += [("classifier.weight", head[0]), ("classifier.bias", head[1])]
        outputs = [("logits", architecture.outputs)]
    values = {name: [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)] for name, shape in [("pixel_values", architecture.inputs), *outputs]}
    tensors = [numpy_helper.from_array(np.asarray(value, np.float32), name) for name, value in weights]
    graph = helper.make_graph(nodes, "main_graph", values["pixel_values"], values[outputs[0][0]], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=7, producer_name="pytorch", producer_version="2.8.0")
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def write_folder(folder: Path, architecture: Architecture):
    labels = dict(enumerate(architecture.labels))
    config = architecture.config(id2label=labels, label2id={label: i for i, label in labels.items()})
    model = type(config).__name__.removesuffix("Config")
    config.architectures = [f"{model}ForImageClassification"]
    config.save_pretrained(folder)
    architecture.processor.save_pretrained(folder)


def as_the_fast_one_writes_it(folder: Path):
    """The newer classes of transformers, on torchvision, write every key there is, most of them null, and another name."""
    file = folder / "preprocessor_config.json"
    written = json.loads(file.read_text())
    nulls = ("crop_size", "device", "disable_grouping", "do_center_crop", "do_convert_rgb", "do_pad", "input_data_format", "pad_size", "return_tensors")
    written = dict.fromkeys(nulls) | {"data_format": "channels_first", "default_to_square": True} | written
    written["image_processor_type"] += "Fast"
    file.write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")


def tensors(processor, pictures: dict) -> dict[str, np.ndarray]:
    """The format is said, as a picture that is 3 pixels high would be taken for one whose channels come first."""
    return {
        name: processor(images=preprocess.decode(data), return_tensors="np", input_data_format="channels_last")["pixel_values"]
        for name, data in pictures.items()
    }


def head_for(features: np.ndarray, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights that spread the pictures' features over the classes: logits with a mean of 0 and a deviation of 4."""
    random = np.random.default_rng(seed + 1000)
    weights = random.normal(0, 1, (classes, features.shape[1])) / features.std(axis=0)
    logits = features @ weights.T
    weights *= 4 / logits.std()
    return weights, -(features @ weights.T).mean(axis=0)


def sensitivity(architecture: Architecture, graph, pictures: dict, right: dict) -> float:
    """How much a wrong step changes a score of the picture that shows it best: another filter, other means, another scale before the crop."""
    settings = {key: value for key, value in architecture.processor.to_dict().items() if key not in ("image_processor_type", "_processor_class")}
    wrong = [{"resample": 0 if settings["resample"] else 2}]
    if settings.get("do_normalize"):
        wrong.append(HALF if settings["image_mean"] != HALF["image_mean"] else IMAGENET)
    if settings.get("do_center_crop"):
        wrong.append({"size": {key: side * 8 // 7 for key, side in settings["size"].items()}})
    elif settings.get("crop_pct", 1) < 1:
        wrong.append({"crop_pct": 0.8})
    changes = []
    for change in wrong:
        processor = type(architecture.processor)(**{**settings, **change})
        changes.append(max(np.abs(scores(graph, tensor, "softmax") - right[name]).max() for name, tensor in tensors(processor, pictures).items()))
    return min(changes)


def write_exports(out: Path, assets: Path | None):
    pictures = {picture.name: picture.data for picture in images.good() if picture.name in PICTURES}
    drawn_photos = drawn.photos()
    drawn_photos = {name: drawn_photos[name] for name in DRAWN_PHOTOS}
    photos = {}
    if assets:
        found = [*sorted(assets.glob("photos/imagenet/*.*"))[:40:8], *sorted(assets.glob("datasets/flowers/val/*/*.jpg"))[::180]]
        photos = {str(file.relative_to(assets)): file.read_bytes() for file in found}
    columns, rows, drawn_rows, photo_rows = ["model", "image", "scores"], [], [], []
    shutil.rmtree(out / "models-exports", ignore_errors=True)
    for seed, (name, architecture) in enumerate(architectures().items()):
        folder = out / "models-exports" / name
        write_folder(folder, architecture)
        made = tensors(architecture.processor, pictures)
        (folder / "model.onnx").write_bytes(network(architecture, seed))
        features = np.concatenate([session(folder / "model.onnx").run(None, {"pixel_values": tensor})[0] for tensor in made.values()])
        (folder / "model.onnx").write_bytes(network(architecture, seed, head_for(features, len(architecture.labels), seed)))
        graph = session(folder / "model.onnx")
        answers = {picture: scores(graph, tensor, "softmax") for picture, tensor in made.items()}
        least = sensitivity(architecture, graph, pictures, answers)
        print(f"{name}: {(folder / 'model.onnx').stat().st_size} bytes; a wrong step changes a score by {least:.3f} or more")
        assert least > 2 * TOLERANCE, name
        rows += [[name, picture, ",".join(f"{value:.6f}" for value in row)] for picture, row in answers.items()]
        for table, some in ((drawn_rows, drawn_photos), (photo_rows, photos)):
            for photo, tensor in tensors(architecture.processor, some).items():
                table.append([name, photo, ",".join(f"{value:.6f}" for value in scores(graph, tensor, "softmax"))])
        if name in ("vit", "swin"):
            as_the_fast_one_writes_it(folder)
    versions = f"{VERSIONS}, transformers {transformers.__version__}"
    write_table(out / "golden/exports/pictures.tsv", columns, rows, versions)
    write_table(out / "golden/exports/drawn-photos.tsv", columns, drawn_rows, versions)
    if photo_rows:
        write_table(out / "golden/exports/photos.tsv", columns, photo_rows, versions)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=RESOURCES, help="a folder to write to; default: src/test/resources")
    options.add_argument("--assets", type=Path, help="real photos; without it golden/exports/photos.tsv stays as it is")
    arguments = options.parse_args()
    write_exports(arguments.out, arguments.assets)
