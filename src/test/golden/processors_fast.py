"""What the fast image processors of transformers, on torchvision, make of images, for ProcessorsTest: requirements-fast.txt has the versions.

Of each tensor a few hundred values are kept, spread evenly, in float32.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torchvision
import transformers
from PIL import Image

from answers import write_table
from pattern import pattern
from processors import RECIPES, SQUARE

OUT = Path(__file__).parent.parent / "resources/golden"
SIZES = [(61, 47), (133, 201), (20, 97)]
VALUES = 300


def level(processor) -> float:
    """The largest step that one grey level makes in the tensor."""
    step = processor.rescale_factor if processor.do_rescale else 1
    deviation = min(processor.image_std) if processor.do_normalize else 1
    return step / deviation


def main():
    rows, kept = [], []
    torch.set_num_threads(1)
    for stem, recipes in {**RECIPES, "DINOv3ViT": [{}, *SQUARE]}.items():
        name = f"{stem}ImageProcessorFast"
        made = getattr(transformers, name, None)
        if made is None:
            continue  # EfficientFormer and ViT hybrid have none
        for recipe in recipes[:3]:
            if recipe.get("resample") in (1, 5):  # filters that PyTorch does not have
                recipe = recipe | {"resample": 2}
            processor = made.from_dict(recipe)
            for width, height in SIZES:
                try:
                    tensor = processor(images=Image.fromarray(pattern(width, height)), return_tensors="pt")["pixel_values"][0].numpy()
                except ValueError:
                    continue  # transformers refuses some that leave keys out
                stride = -(-tensor.size // VALUES) | 1
                values = tensor.ravel()[::stride].astype("<f4")
                written = json.dumps({"image_processor_type": name} | recipe)
                rows.append([written, width, height, tensor.shape[1], tensor.shape[2], stride, sum(map(len, kept)), level(processor)])
                kept.append(values)
    (OUT / "processors-fast.f32").write_bytes(b"".join(values.tobytes() for values in kept))
    versions = f"# transformers {transformers.__version__}, torch {torch.__version__}, torchvision {torchvision.__version__}"
    columns = ["recipe", "from_width", "from_height", "height", "width", "stride", "offset", "level"]
    write_table(OUT / "processors-fast.tsv", columns, rows, versions)


if __name__ == "__main__":
    main()
