"""The golden answers: scores, tensors, resized pixels and sizes, as the reference stack computes them."""

import json
import platform
from pathlib import Path

import numpy as np
import onnxruntime
import PIL
from PIL import Image

import images
import preprocess
from models import LABELS, PREPROCESSOR

VERSIONS = (
    f"# Python {'.'.join(platform.python_version_tuple()[:2])}, Pillow {PIL.__version__},"
    f" NumPy {np.__version__}, ONNX Runtime {onnxruntime.__version__}"
)
PREDICTED = {"colors/1": "softmax", "colors/2": "softmax", "colors-softmax/1": None, "colors-sigmoid/1": "sigmoid"}
EXACT = {k: v for k, v in PREPROCESSOR.items() if k not in ("do_center_crop", "crop_size")} | {"do_center_crop": False}


def write_table(file: Path, columns: list, rows: list, *comments: str):
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [*comments, "\t".join(columns), *("\t".join(str(v) for v in row) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def session(model: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def scores(network: onnxruntime.InferenceSession, tensor: np.ndarray, activation: str | None) -> np.ndarray:
    raw = network.run(None, {network.get_inputs()[0].name: tensor})[0][0].astype(np.float64).ravel()
    if activation == "softmax":
        power = np.exp(raw - raw.max())
        return power / power.sum()
    return 1 / (1 + np.exp(-raw)) if activation == "sigmoid" else raw


def write_predictions(golden: Path, models: Path, pictures: list):
    rows = []
    for folder, activation in PREDICTED.items():
        network = session(models / folder / "model.onnx")
        recipe = json.loads((models / folder / "preprocessor_config.json").read_text())
        for picture in pictures:
            row = scores(network, preprocess.tensor(picture.data, recipe), activation)
            rows.append([*folder.split("/"), picture.name, *(f"{value:.6f}" for value in row)])
    write_table(golden / "predictions.tsv", ["model", "version", "image", *LABELS], rows, VERSIONS)


def _size(height: int, width: int) -> dict:
    return {"size": {"height": height, "width": width}}


def _crop(edge: int, crop: int) -> dict:
    return {"size": {"shortest_edge": edge}, "crop_size": {"height": crop, "width": crop}}


IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
TENSORS = {
    "shortest-edge-bilinear": ("yellow.png", PREPROCESSOR),
    "exact-bicubic": ("scene.png", EXACT | _size(32, 32) | {"resample": 3}),
    "exact-lanczos": ("scene.png", EXACT | _size(24, 40) | {"resample": 1}),
    "exact-hamming": ("scene.png", EXACT | _size(40, 24) | {"resample": 5}),
    "exact-nearest": ("scene.png", EXACT | _size(31, 33) | {"resample": 0}),
    "odd-crop-box": ("scene.png", PREPROCESSOR | _crop(35, 32) | {"resample": 4}),
    "upscale-bicubic": ("one-pixel.png", PREPROCESSOR | {"resample": 3}),
    "crop-larger-than-picture": ("yellow.png", PREPROCESSOR | _crop(21, 32) | IMAGENET),
    "crop-larger-both-ways": ("yellow.png", PREPROCESSOR | _crop(11, 40)),
    "no-resize": ("yellow.png", PREPROCESSOR | {"do_resize": False}),
    "no-normalize": ("scene.png", PREPROCESSOR | {"do_normalize": False}),
    "no-rescale": ("scene.png", PREPROCESSOR | {"do_rescale": False, "image_mean": [127.5] * 3, "image_std": [127.5] * 3}),
    "imagenet-mean-std": ("scene.png", PREPROCESSOR | IMAGENET),
    "crop-pct": ("scene.png", EXACT | {"size": {"shortest_edge": 32}, "crop_pct": 0.875, "resample": 3}),
    "thin": ("thin.png", PREPROCESSOR),
    "wide": ("wide.png", PREPROCESSOR),
    "palette": ("palette.png", PREPROCESSOR),
    "palette-transparent": ("palette-transparent.png", PREPROCESSOR),
    "gray-16bit": ("gray-16bit.png", PREPROCESSOR),
    "gray-alpha": ("gray-alpha.png", PREPROCESSOR),
    "rgb-16bit": ("rgb-16bit.png", PREPROCESSOR),
    "rgba": ("rgba.png", PREPROCESSOR),
    "interlaced": ("interlaced.png", PREPROCESSOR),
    # Image processors of transformers, with little or nothing written out.
    "vit-number": ("scene.png", {"image_processor_type": "ViTImageProcessor", "size": 30}),
    "vit-old": ("scene.png", {"feature_extractor_type": "ViTFeatureExtractor", "do_normalize": True, "do_resize": True, "size": 24, "resample": 2, **IMAGENET}),
    "swin": ("scene.png", {"image_processor_type": "ViTImageProcessorFast", "size": {"height": 28, "width": 28}, "resample": 3, **IMAGENET}),
    "deit": ("scene.png", {"image_processor_type": "DeiTImageProcessor", "size": 40, "crop_size": 32}),
    "beit": ("scene.png", {"image_processor_type": "BeitImageProcessor", "size": 36, "do_center_crop": False}),
    "convnext": ("scene.png", {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 32}}),
    "resnet": ("scene.png", {"feature_extractor_type": "ConvNextFeatureExtractor", "size": 32, "crop_pct": 0.9, "resample": 3, **IMAGENET}),
    "levit": ("scene.png", {"image_processor_type": "LevitImageProcessor", "size": {"shortest_edge": 28}, "crop_size": 28}),
    "mobilenet": ("scene.png", {"image_processor_type": "MobileNetV2ImageProcessor", "size": 36, "crop_size": {"height": 32, "width": 32}}),
    "mobilevit": ("scene.png", {"feature_extractor_type": "MobileViTFeatureExtractor", "size": 36, "crop_size": 32}),
    "size-of-an-edge": ("scene.png", EXACT | {"size": 30, "default_to_square": False, "resample": "bicubic"}),
    "one-number": ("scene.png", PREPROCESSOR | {"image_mean": [0.4], "image_std": 0.3}),
    "efficientnet": ("scene.png", {"image_processor_type": "EfficientNetImageProcessor", "size": 26, **IMAGENET}),
    "efficientnet-offset": ("scene.png", {"image_processor_type": "EfficientNetImageProcessor", "size": {"height": 20, "width": 26}, "rescale_factor": 1 / 127.5, "rescale_offset": True, "do_normalize": False, "include_top": True, "resample": 2}),
}


def write_tensors(golden: Path, pictures: dict):
    rows = []
    for name, (picture, recipe) in TENSORS.items():
        tensor = preprocess.tensor(pictures[picture].data, recipe)
        file = golden / "tensors" / f"{name}.f32"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(tensor.astype("<f4").tobytes())
        shape = ",".join(str(n) for n in tensor.shape)
        rows.append([file.name, picture, shape, f"{one_level(recipe):.6f}", json.dumps(recipe)])
    write_table(golden / "tensors/tensors.tsv", ["tensor", "image", "shape", "tolerance", "recipe"], rows, VERSIONS)


def one_level(recipe: dict) -> float:
    """How far one grey level of the resized picture moves a value of the tensor, and a little for float arithmetic."""
    recipe = preprocess.explicit(recipe)
    level = recipe["rescale_factor"] if recipe["do_rescale"] else 1.0
    divisions = recipe["do_normalize"] + recipe.get("include_top", False)
    return level / np.min(recipe.get("image_std", [1.0])) ** divisions + 1e-5


RESIZED = {
    (61, 47): [(32, 32), (24, 47), (61, 20), (97, 70), (7, 5), (1, 1)],
    (200, 133): [(54, 36), (32, 32), (200, 40), (37, 133), (211, 24), (120, 80)],
}


def hard_source(width: int, height: int) -> np.ndarray:
    """Noise on the left; black and white blocks on the right, where the filters with negative lobes overshoot."""
    random = np.random.default_rng(width * height)
    pixels = random.integers(0, 256, (height, width, 3), np.uint8)
    blocks = random.integers(0, 2, (height // 5 + 1, width // 5 + 1, 3), np.uint8) * 255
    blocks = blocks.repeat(5, axis=0).repeat(5, axis=1)[:height, :width]
    pixels[:, width // 2 :] = blocks[:, width // 2 :]
    return pixels


FILTERS = [r for r in Image.Resampling if r <= Image.Resampling.HAMMING]  # 6 and 7 are new in Pillow 13; no model asks for them


def write_resized(golden: Path):
    folder = golden / "resize"
    folder.mkdir(parents=True, exist_ok=True)
    rows, out = [], bytearray()
    for (width, height), targets in RESIZED.items():
        source = hard_source(width, height)
        file = folder / f"{width}x{height}.rgb"
        file.write_bytes(source.tobytes())
        for target in targets:
            for resample in FILTERS:
                data = Image.fromarray(source).resize(target, resample).tobytes()
                rows.append([file.name, width, height, *target, resample.name.lower(), int(resample), len(out), len(data)])
                out += data
    (folder / "resized.rgb").write_bytes(out)
    columns = ["source", "source_width", "source_height", "width", "height", "filter", "resample", "offset", "length"]
    write_table(folder / "resize.tsv", columns, rows, VERSIONS)


def write_sizes(golden: Path):
    sides = [(640, 480), (480, 640), (500, 375), (375, 500), (333, 500), (500, 333), (97, 61), (50, 200), (1, 300), (300, 1)]
    sides += [(1, 1), (7, 500), (224, 224), (256, 300), (300, 256), (4032, 3024), (3024, 4032), (1279, 721), (1000, 999), (29_999, 30_011)]
    cases = [(w, h, edge) for w, h in sides for edge in (256, 36)]
    cases += [(500, 375, 146), (500, 333, 224), (37, 91, 235), (91, 37, 1), (3, 2, 3)]
    rows = [[w, h, edge, *preprocess.resized_size(w, h, edge)] for w, h, edge in cases]
    write_table(golden / "resize-size.tsv", ["width", "height", "shortest_edge", "resized_width", "resized_height"], rows)


def write_answers(golden: Path, models: Path):
    pictures = images.good()
    write_predictions(golden, models, pictures)
    write_tensors(golden, {picture.name: picture for picture in pictures})
    write_resized(golden)
    write_sizes(golden)
