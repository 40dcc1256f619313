"""What the Python peers share: a model folder's preprocessing, with Pillow and NumPy, and the form of the response.

It is written as the tutorials write it, and then made fast: float32 all through (float64 takes twice as long), the crop
before the arithmetic, one copy at the end.
"""

import io
import json
import os
from pathlib import Path

import numpy as np
from PIL import Image


class Recipe:
    """Reads preprocessor_config.json and config.json of a model folder."""

    def __init__(self, folder: str, draft: bool = False) -> None:
        read = json.loads(Path(folder, "preprocessor_config.json").read_text())
        labels = json.loads(Path(folder, "config.json").read_text())["id2label"]
        self.labels = [labels[str(i)] for i in range(len(labels))]
        self.edge = read["size"]["shortest_edge"]
        self.filter = Image.Resampling(read["resample"])
        self.crop = read["crop_size"]["height"], read["crop_size"]["width"]
        mean = np.array(read["image_mean"], np.float32)
        deviation = np.array(read["image_std"], np.float32)
        # (x * factor - mean) / deviation, as one multiplication and one addition.
        self.factor = (read["rescale_factor"] / deviation).astype(np.float32)
        self.offset = (-mean / deviation).astype(np.float32)
        self.draft = draft

    def tensor(self, data: bytes) -> np.ndarray:
        return self.tensor_of(Image.open(io.BytesIO(data)))

    def tensor_of(self, image: Image.Image) -> np.ndarray:
        """Returns the tensor of an image that is open and need not be decoded yet."""
        if self.draft:
            # libjpeg decodes at a half, a quarter or an eighth, and no smaller than this: twice the requested size, as
            # Pillow's own thumbnail() does.
            scale = 2 * self.edge / min(image.size)
            image.draft("RGB", (int(image.width * scale), int(image.height * scale)))
        image = image.convert("RGB")
        shorter = min(image.size)
        size = tuple(self.edge * side // shorter for side in image.size)
        image = image.resize(size, self.filter)
        height, width = self.crop
        left, top = (image.width - width) // 2, (image.height - height) // 2
        pixels = np.asarray(image.crop((left, top, left + width, top + height)))
        values = pixels * self.factor + self.offset
        return np.ascontiguousarray(values.transpose(2, 0, 1)[None])

    def answer(self, outputs: np.ndarray) -> dict:
        """Returns the five best classes, in the form of POST /predict."""
        scores = np.asarray(outputs, np.float32).reshape(-1)
        if scores.min() < 0 or abs(scores.sum() - 1) > 1e-3:
            # Logits; the graphs that end in a softmax give probabilities already.
            scores = np.exp(scores - scores.max())
            scores /= scores.sum()
        count = min(5, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        best = best[np.argsort(-scores[best])]
        return {"predictions": [{"label": self.labels[i], "score": float(scores[i]), "index": int(i)} for i in best]}


class Onnx:
    """A model folder's graph on ONNX Runtime, set as Glimpse sets it: one thread, no spinning."""

    def __init__(self, folder: str, draft: bool = False) -> None:
        import onnxruntime

        self.recipe = Recipe(folder, draft)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        graph = str(Path(folder, "model.onnx"))
        self.session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def classify(self, data: bytes) -> dict:
        return self.run(self.recipe.tensor(data))

    def run(self, tensor: np.ndarray) -> dict:
        return self.recipe.answer(self.session.run(None, {self.input: tensor})[0])


def setting(name: str, default: str = "") -> str:
    """What bench/servers.py says in the environment: MODEL (a folder), ENDPOINT, THREADS, DRAFT, GRAPH."""
    return os.environ.get(name, default)
