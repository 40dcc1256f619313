"""Model folders that are not Hugging Face's: DJL's, a bare graph with labels, a graph that carries all of it in its metadata."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

import images
import preprocess
from answers import VERSIONS, scores, session, write_table
from formats import LAST_SHAPE, TO_FIRST, node, taking
from models import LABELS, PREPROCESSOR, classifier, constant, softmax, write_model

PICTURES = ("scene.png", "yellow.png", "wide.png", "rgba.png")
FACTORY = "ai.djl.modality.cv.translator.ImageClassificationTranslatorFactory"
IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
EXACT = {k: v for k, v in PREPROCESSOR.items() if k != "crop_size"} | {"do_center_crop": False}


def labelled(graph: bytes, metadata: dict) -> bytes:
    model = onnx.load_from_string(graph)
    helper.set_model_props(model, metadata)
    return model.SerializeToString(deterministic=True)


def written(folder: Path, graph: bytes, name="model.onnx", **files: str):
    folder.mkdir(parents=True)
    (folder / name).write_bytes(graph)
    for file, text in files.items():
        (folder / file.replace("_", ".")).write_text(text, encoding="utf-8")


def serving(**arguments) -> str:
    lines = {"engine": "OnnxRuntime", "translatorFactory": FACTORY} | arguments
    return "".join(f"{key.replace('option_', 'option.')}={value}\n" for key, value in lines.items())


def reversed_channels() -> bytes:
    order = constant("order", np.array([2, 1, 0], np.int64))
    return taking(["batch", 3, 32, 32], TensorProto.FLOAT, node("Gather", "input order", "pixel_values", axis=1), constants=[order])


def raw() -> bytes:
    return taking(
        LAST_SHAPE,
        TensorProto.FLOAT,
        node("Div", "input middle", "scaled"),
        node("Sub", "scaled one", "centred"),
        node("Transpose", "centred", "pixel_values", **TO_FIRST),
        constants=[constant("middle", np.float32(127.5)), constant("one", np.float32(1))],
    )


ULTRALYTICS = {"description": "Ultralytics YOLO11n-cls model", "author": "Ultralytics", "version": "8.3.0", "stride": "1", "task": "classify"}
ULTRALYTICS |= {"batch": "1", "imgsz": "[32, 32]", "names": str(dict(enumerate(LABELS)))}
IMAGE = {"Image.BitmapPixelFormat": "Bgr8", "Image.ColorSpaceGamma": "SRGB", "Image.NominalPixelRange": "Normalized_1_1"}


def write_layouts(models: Path, golden: Path):
    lines = "\n".join(LABELS) + "\n"
    written(
        models / "djl",
        classifier(),
        "resnet18_v1.onnx",
        serving_properties=serving(
            option_modelName="resnet18_v1", width=32, height=32, resizeShort=36, centerCrop="true", normalize="0.5,0.5,0.5,0.5,0.5,0.5", applySoftmax="true"
        ),
        synset_txt=lines,
    )
    written(
        models / "djl-bytes",
        raw(),
        serving_properties=serving(width=32, height=32, resize="32,32,BICUBIC", toTensor="false", synset=",".join(LABELS), batch_size=4),
    )
    written(models / "bare", classifier(), labels_txt="\ufeff" + lines.replace("\n", "\r\n"))
    written(models / "bare-metadata", labelled(reversed_channels(), IMAGE), synset_txt=lines)
    written(models / "ultralytics", labelled(softmax(), ULTRALYTICS))
    write_model(models / "hub", None)
    (models / "hub" / "onnx").mkdir()
    (models / "hub/onnx/model.onnx").write_bytes(classifier())

    timm = {"input_size": [3, 32, 32], "crop_pct": 1.0, "interpolation": "bilinear", "mean": [0.0] * 3, "std": [1.0] * 3}
    bytes_of = EXACT | {"size": {"height": 32, "width": 32}, "resample": 3, "do_rescale": False, "do_normalize": False}
    tensors = {
        "djl": lambda data: preprocess.tensor(data, PREPROCESSOR),
        "djl-bytes": lambda data: preprocess.tensor(data, bytes_of, last=True),
        "bare": lambda data: preprocess.tensor(data, PREPROCESSOR | IMAGENET),
        "bare-metadata": lambda data: preprocess.tensor(data, PREPROCESSOR | {"do_flip_channel_order": True}),
        "ultralytics": lambda data: preprocess.timm_tensor(data, timm),
        "hub": lambda data: preprocess.tensor(data, PREPROCESSOR),
    }
    pictures = {picture.name: picture.data for picture in images.good()}
    rows = []
    for name, tensor in tensors.items():
        network = session(next((models / name).glob("**/*.onnx")))
        for picture in PICTURES:
            row = scores(network, tensor(pictures[picture]), None if name == "ultralytics" else "softmax")
            rows.append([name, picture, ",".join(f"{value:.6f}" for value in row)])
    write_table(golden / "layouts.tsv", ["model", "image", "scores"], rows, VERSIONS)
