"""Top five of real models on real photos. Only the numbers are kept; models and photos stay outside the project."""

import json
from pathlib import Path

import numpy as np

import preprocess
from answers import VERSIONS, scores, session, write_table

OUTPUT = {"mobilenet-v2": None, "squeezenet-1.1": None, "mobilenet-v2-int8": "softmax", "mobilenet-v1-0.25-128": None}


def write_imagenet(golden: Path, assets: Path):
    truth = _truth(assets / "photos/imagenet")
    for name, activation in OUTPUT.items():
        folder = assets / "models" / name
        network = session(folder / "model.onnx")
        recipe = json.loads((folder / "preprocessor_config.json").read_text())
        rows, right = [], 0
        for photo, index in truth.items():
            row = scores(network, preprocess.tensor((assets / "photos/imagenet" / photo).read_bytes(), recipe), activation)
            top = np.argsort(-row, kind="stable")[:5]
            right += int(top[0]) == index
            rows.append([photo, *(f"{i}:{row[i]:.6f}" for i in top)])
        accuracy = f"# top-1 {right / len(rows):.3f} on {len(rows)} photos"
        write_table(golden / f"imagenet/{name}.tsv", ["file", *(f"top{k}" for k in range(1, 6))], rows, VERSIONS, accuracy)
        print(f"{name}: {accuracy[2:]}")


# models-odd/squeezenet-fp16-bgr.onnx: float16, blue first, less the mean of each channel (here in the order red, green, blue).
FP16_BGR = {
    "do_resize": True,
    "size": {"shortest_edge": 256},
    "resample": 2,
    "do_center_crop": True,
    "crop_size": {"height": 224, "width": 224},
    "do_rescale": False,
    "do_normalize": True,
    "image_mean": [123.0, 117.0, 104.0],
    "image_std": [1.0, 1.0, 1.0],
    "do_flip_channel_order": True,
}


def write_odd_model(golden: Path, assets: Path):
    network = session(assets / "models-odd/squeezenet-fp16-bgr.onnx")
    rows, right, truth = [], 0, _truth(assets / "photos/imagenet")
    for photo, index in truth.items():
        tensor = preprocess.tensor((assets / "photos/imagenet" / photo).read_bytes(), FP16_BGR, dtype=np.float16)
        row = scores(network, tensor, None)
        top = np.argsort(-row, kind="stable")[:5]
        right += int(top[0]) == index
        rows.append([photo, *(f"{i}:{row[i]:.6f}" for i in top)])
    accuracy = f"# top-1 {right / len(rows):.3f} on {len(rows)} photos"
    recipe = f"# {json.dumps(FP16_BGR)}"
    write_table(golden / "imagenet/squeezenet-fp16-bgr.tsv", ["file", *(f"top{k}" for k in range(1, 6))], rows, VERSIONS, accuracy, recipe)
    print(f"squeezenet-fp16-bgr: {accuracy[2:]}")


def _truth(photos: Path) -> dict:
    lines = (photos / "truth.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {file: int(index) for file, index, _ in (line.split("\t") for line in lines)}
