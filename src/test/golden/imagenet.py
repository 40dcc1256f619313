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


def _truth(photos: Path) -> dict:
    lines = (photos / "truth.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {file: int(index) for file, index, _ in (line.split("\t") for line in lines)}
