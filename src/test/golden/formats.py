"""Tensors of other layouts, channels and element types than float32 NCHW of RGB, and models that take them."""

import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

import images
import preprocess
from answers import VERSIONS, scores, session, write_table
from models import LABELS, PREPROCESSOR, SIDE, classifier, config, constant, write_model

TYPES = {"float": np.float32, "float16": np.float16, "uint8": np.uint8}
RAW = PREPROCESSOR | {"do_rescale": False, "do_normalize": False}
GREY = PREPROCESSOR | {"image_mean": [0.4], "image_std": [0.3]}
FLIPPED = PREPROCESSOR | {"do_flip_channel_order": True, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
LAST = FLIPPED | {"data_format": "channels_last"}
PADDED = PREPROCESSOR | {"size": {"shortest_edge": 21}}
NEAREST = GREY | {"resample": 0}


def timm(side=32, **settings) -> dict:
    return {"pretrained_cfg": {"input_size": [3, side, side]} | settings}


# The graph's input, then the file: preprocessor_config.json, or config.json if it has a pretrained_cfg.
TENSORS = {
    "nhwc": ("scene.png", "float[?,32,32,3]", FLIPPED | {"do_flip_channel_order": False}),
    "nhwc-bgr": ("scene.png", "float[?,32,32,3]", FLIPPED),
    "nhwc-by-key": ("scene.png", "float[?,?,?,?]", LAST),
    "nhwc-padded": ("yellow.png", "float[1,32,32,3]", PADDED),
    "bgr": ("scene.png", "float[?,3,32,32]", FLIPPED),
    "float16": ("scene.png", "float16[?,3,32,32]", FLIPPED | {"do_flip_channel_order": False}),
    "float16-nhwc-bgr": ("scene.png", "float16[?,32,32,3]", FLIPPED),
    "float16-tiny": ("scene.png", "float16[?,3,32,32]", PREPROCESSOR | {"rescale_factor": 1e-7, "do_normalize": False}),
    "float16-large": ("scene.png", "float16[?,3,32,32]", PREPROCESSOR | {"rescale_factor": 256.901, "do_normalize": False}),
    "float16-padded": ("yellow.png", "float16[1,3,32,32]", PADDED),
    "uint8": ("scene.png", "uint8[?,3,32,32]", RAW),
    "uint8-nhwc": ("scene.png", "uint8[?,32,32,3]", RAW),
    "uint8-nhwc-bgr": ("scene.png", "uint8[?,32,32,3]", RAW | {"do_flip_channel_order": True}),
    "uint8-by-nought-and-one": ("scene.png", "uint8[?,3,32,32]", RAW | {"do_normalize": True, "image_mean": 0, "image_std": 1}),
    "grey": ("scene.png", "float[?,1,32,32]", GREY),
    "grey-nearest": ("scene.png", "float[?,1,32,32]", NEAREST),
    "grey-no-resize": ("scene.png", "float[?,1,32,32]", GREY | {"do_resize": False}),
    "grey-nhwc": ("scene.png", "float[?,32,32,1]", GREY),
    "grey-uint8": ("scene.png", "uint8[?,32,32,1]", RAW),
    "grey-float16": ("scene.png", "float16[?,1,32,32]", GREY | {"resample": 3}),
    "grey-three-equal-numbers": ("scene.png", "float[?,1,32,32]", PREPROCESSOR),
    "timm-defaults": ("scene.png", "float[?,3,32,32]", timm()),
    "timm-center": ("scene.png", "float[?,3,32,32]", timm(crop_pct=0.9, interpolation="bilinear")),
    "timm-center-33": ("scene.png", "float[?,3,33,33]", timm(33, crop_pct=0.95, crop_mode="center")),
    "timm-wide": ("wide.png", "float[?,3,31,31]", timm(31, crop_pct=0.9, mean=[0.5] * 3, std=[0.5] * 3)),
    "timm-thin": ("thin.png", "float[?,3,32,32]", timm(crop_pct=0.95)),
    "timm-upscale": ("one-pixel.png", "float[?,3,32,32]", timm(crop_pct=0.9)),
    "timm-not-square": ("scene.png", "float[?,3,24,40]", {"pretrained_cfg": {"input_size": [3, 24, 40], "crop_pct": 0.9}}),
    "timm-not-square-tall": ("wide.png", "float[?,3,45,20]", {"pretrained_cfg": {"input_size": [3, 45, 20], "crop_pct": 0.93}}),
    "timm-squash": ("scene.png", "float[?,3,32,32]", timm(crop_pct=1.0, crop_mode="squash", interpolation="lanczos")),
    "timm-squash-crop": ("wide.png", "float[?,3,33,33]", timm(33, crop_pct=0.9, crop_mode="squash")),
    "timm-grey": ("scene.png", "float[?,1,28,28]", {"pretrained_cfg": {"input_size": [1, 28, 28], "crop_pct": 1.0, "mean": [0.1307], "std": [0.3081]}}),
    "timm-nhwc-float16": ("scene.png", "float16[?,32,32,3]", timm(crop_pct=0.9)),
}


def make_tensor(data: bytes, spec: str, file: dict) -> np.ndarray:
    type, dimensions = spec.rstrip("]").split("[")
    dimensions = dimensions.split(",")
    last = file.get("data_format") == "channels_last" or dimensions[3] in ("3", "1")
    if "pretrained_cfg" in file:
        return preprocess.timm_tensor(data, file["pretrained_cfg"], last, TYPES[type])
    return preprocess.tensor(data, file, dimensions[3 if last else 1] == "1", last, TYPES[type])


def write_tensors(golden: Path, pictures: dict):
    rows = []
    for name, (picture, spec, file) in TENSORS.items():
        tensor = make_tensor(pictures[picture].data, spec, file)
        out = golden / "formats" / f"{name}.bin"
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(tensor.astype(tensor.dtype.newbyteorder("<")).tobytes())
        rows.append([out.name, picture, spec, ",".join(str(n) for n in tensor.shape), json.dumps(file)])
    write_table(golden / "formats/tensors.tsv", ["tensor", "image", "input", "shape", "file"], rows, VERSIONS)


def taking(shape: list, type: int, *head, tail=(), output=None, constants=()) -> bytes:
    """The classifier behind an input of another kind; `head` leads from `input` to `pixel_values`."""
    tensors = {"inputs": [("input", shape, type)]}
    if output:
        tensors["outputs"] = [output]
    return classifier(head=head, tail=tail, constants=constants, **tensors)


def node(kind: str, inputs: str, output: str, **attributes):
    return helper.make_node(kind, inputs.split(), [output], **attributes)


FIRST, LAST_SHAPE = ["batch", 3, SIDE, SIDE], ["batch", SIDE, SIDE, 3]
TO_FIRST = {"perm": [0, 3, 1, 2]}
LABELLED = {
    "architecture": "colors",
    "num_classes": len(LABELS),
    "label_names": [f"n{i}" for i in range(len(LABELS))],
    "label_descriptions": {f"n{i}": label for i, label in enumerate(LABELS) if label != "white"},
}


def write_models(folder: Path):
    write_model(folder / "nhwc/1", taking(LAST_SHAPE, TensorProto.FLOAT, node("Transpose", "input", "pixel_values", **TO_FIRST)))
    open_shape = taking(["n", "h", "w", "c"], TensorProto.FLOAT, node("Transpose", "input", "pixel_values", **TO_FIRST))
    write_model(folder / "nhwc-by-key/1", open_shape, preprocessor=PREPROCESSOR | {"data_format": "channels_last"})
    half = taking(
        FIRST,
        TensorProto.FLOAT16,
        node("Cast", "input", "pixel_values", to=TensorProto.FLOAT),
        tail=[node("Cast", "logits", "halves", to=TensorProto.FLOAT16), node("Reshape", "halves shape", "scores")],
        output=("scores", ["batch", len(LABELS), 1, 1], TensorProto.FLOAT16),
        constants=[constant("shape", np.array([-1, len(LABELS), 1, 1], np.int64))],
    )
    write_model(folder / "float16/1", half)
    raw = taking(
        LAST_SHAPE,
        TensorProto.UINT8,
        node("Cast", "input", "samples", to=TensorProto.FLOAT),
        node("Div", "samples middle", "scaled"),
        node("Sub", "scaled one", "centred"),
        node("Transpose", "centred", "pixel_values", **TO_FIRST),
        constants=[constant("middle", np.float32(127.5)), constant("one", np.float32(1))],
    )
    write_model(folder / "uint8/1", raw, preprocessor=RAW)
    grey = taking(["batch", 1, SIDE, SIDE], TensorProto.FLOAT, node("Concat", "input input input", "pixel_values", axis=1))
    write_model(folder / "grey/1", grey, preprocessor=GREY)
    order = constant("order", np.array([2, 1, 0], np.int64))
    bgr = taking(FIRST, TensorProto.FLOAT, node("Gather", "input order", "pixel_values", axis=1), constants=[order])
    write_model(folder / "bgr/1", bgr, preprocessor=FLIPPED)
    write_model(folder / "timm/1", classifier(), LABELLED | timm(crop_pct=0.9), preprocessor=False)


def write_predictions(golden: Path, models: Path, pictures: dict):
    rows = []
    for folder in sorted(models.iterdir()):
        network = session(folder / "1/model.onnx")
        taken = network.get_inputs()[0]
        spec = taken.type.removeprefix("tensor(").removesuffix(")") + str(taken.shape).replace(" ", "")
        file = next(f for f in (folder / "1/preprocessor_config.json", folder / "1/config.json") if f.exists())
        for picture in ("scene.png", "yellow.png", "black.png", "rgba.png"):
            tensor = make_tensor(pictures[picture].data, spec, json.loads(file.read_text()))
            row = scores(network, tensor, "softmax")
            rows.append([folder.name, picture, *(f"{value:.6f}" for value in row)])
    write_table(golden / "formats/predictions.tsv", ["model", "image", *LABELS], rows, VERSIONS)


def write_formats(models: Path, golden: Path):
    pictures = {picture.name: picture for picture in images.good()}
    write_tensors(golden, pictures)
    write_models(models)
    write_predictions(golden, models, pictures)
