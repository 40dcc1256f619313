"""What the slow image processors of transformers make of images, for ProcessorsTest: requirements-exports.txt has the versions."""

import json
import zlib
from pathlib import Path

import numpy as np
import transformers
from PIL import Image

from answers import write_table
from pattern import pattern

OUT = Path(__file__).parent.parent / "resources/golden/processors.tsv"
SIZES = [(61, 47), (48, 64), (200, 133), (133, 201), (20, 97), (300, 300)]
IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}


def box(height: int, width: int) -> dict:
    return {"height": height, "width": width}


EDGE = [{"size": {"shortest_edge": 40}, "crop_size": box(33, 36)}, {"size": 37, "crop_size": 50, "resample": 1, **IMAGENET}]
SQUARE = [{"size": box(31, 44), "do_normalize": False}, {"size": 37, "resample": 5, **IMAGENET}]
CROPPED = [{"size": box(41, 44), "crop_size": 33, "resample": 2}, {"size": 37, "crop_size": box(50, 30), "do_rescale": False, **IMAGENET}]
RECIPES = {
    "Beit": [{}, *CROPPED],
    "Bit": [{}, *EDGE],
    "Blip": [{"size": 90}, *SQUARE],
    "CLIP": [{}, {"size": 40, "crop_size": 36, "use_square_size": True}, *EDGE],
    "ChineseCLIP": [{"size": box(40, 30)}, {"size": box(37, 37), "resample": 2, "crop_size": 30}, {"size": box(21, 31), "do_center_crop": False}],
    "ConvNext": [{"size": 384}, {"size": {"shortest_edge": 32}}, {"size": 40, "crop_pct": 0.9, "resample": 3, "do_center_crop": True, **IMAGENET}],
    "DeiT": [{}, *CROPPED],
    "EfficientFormer": [{}, *CROPPED],
    "EfficientNet": [{"size": 100}, {"size": box(30, 40), "rescale_offset": True, "rescale_factor": 1 / 127.5}, {"size": 37, "do_center_crop": True, "crop_size": 33, "include_top": False, "resample": 3}],
    "Flava": [{}, *CROPPED],
    "Levit": [{}, {"size": {"shortest_edge": 40}, "crop_size": box(33, 36)}, {"size": box(30, 41), "do_center_crop": False}],
    "MobileNetV1": [{}, *EDGE],
    "MobileNetV2": [{}, *EDGE],
    "MobileViT": [{}, {"size": 288, "do_flip_channels": True, "do_normalize": True}, {"size": 37, "crop_size": 50, "resample": 1, "do_flip_channel_order": False}],
    "Perceiver": [{}, {"size": box(31, 44), "crop_size": box(50, 45), "resample": 2}, {"size": 37, "do_center_crop": False}],
    "PoolFormer": [{}, {"size": 40, "crop_pct": 0.95, "crop_size": 40}, {"size": box(30, 41), "do_center_crop": False}, {"size": box(40, 40), "crop_size": 36}],
    "Pvt": [{}, *SQUARE],
    "Segformer": [{"size": 128}, {**SQUARE[0], "do_reduce_labels": True}, SQUARE[1]],
    "Siglip": [{}, {"size": box(31, 44), "resample": 2}, {"size": box(44, 30), "do_normalize": False}],
    "TextNet": [{"size": 64}, {"size": {"shortest_edge": 40}, "size_divisor": 16}, {"size": box(30, 41), "do_center_crop": True, "crop_size": 40}],
    "ViT": [{}, {**SQUARE[0], "do_center_crop": True, "crop_size": 20, "crop_pct": 0.9}, SQUARE[1]],
    "ViTHybrid": [{}, *EDGE],
}


def main():
    rows = []
    for stem, recipes in RECIPES.items():
        processor = getattr(transformers, f"{stem}ImageProcessor")
        for i, recipe in enumerate(recipes):
            name = {"image_processor_type": f"{stem}ImageProcessor"} if i < 2 else {"feature_extractor_type": f"{stem}FeatureExtractor"}
            made = processor.from_dict(recipe)
            tensors = [made.preprocess(Image.fromarray(pattern(*size)), return_tensors="np")["pixel_values"][0] for size in SIZES]
            rows.append([json.dumps(name | recipe), *(summary(tensor) for tensor in tensors)])
    columns = [f"{width}x{height}" for width, height in SIZES]
    write_table(OUT, ["recipe", *columns], rows, f"# transformers {transformers.__version__}: height, width and CRC-32 of the float32 tensor in NCHW")


def summary(tensor: np.ndarray) -> str:
    values = np.ascontiguousarray(tensor, "<f4")
    return f"{tensor.shape[1]},{tensor.shape[2]},{zlib.crc32(values.tobytes()):08x}"


if __name__ == "__main__":
    main()
