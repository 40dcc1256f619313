"""What other versions and libraries make of images that are resized, for ResizeMethodsTest.

Run it four times, with pillow==12.3.0, pillow==13.0.0, opencv-python-headless==5.0.0.93 (and the argument opencv) and tensorflow-cpu==2.21.0
(and the argument tensorflow): each run replaces its own tables.
"""

import random
import sys
import zlib
from pathlib import Path

import numpy as np

from pattern import pattern

OUT = Path(__file__).parent.parent / "resources/golden/resize-methods"


def write_table(file: Path, columns: list, rows: list, comment: str):
    lines = [comment, "\t".join(columns), *("\t".join(str(v) for v in row) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def pillow():
    import PIL
    from PIL import Image

    chance, rows = random.Random(4), []
    for i in range(200):
        width, height, to_width, to_height = (chance.randint(1, 90) for _ in range(4))
        if i % 5 == 0:
            width, height = chance.randint(1, 3), chance.randint(250, 700)  # far taller than wide
        resample = 5 if i % 2 else chance.randint(1, 5)
        resized = Image.fromarray(pattern(width, height)).resize((to_width, to_height), resample)
        rows.append([resample, width, height, to_width, to_height, f"{zlib.crc32(np.asarray(resized).tobytes()):08x}"])
    major = PIL.__version__.split(".")[0]
    columns = ["resample", "from_width", "from_height", "width", "height", "crc"]
    write_table(OUT / f"pillow-{major}.tsv", columns, rows, f"# Pillow {PIL.__version__}")


def bilinear(cases: list, resize, name: str, version: str):
    rows, pixels = [], b""
    for method, width, height, to_width, to_height in cases:
        rows.append([method, width, height, to_width, to_height, len(pixels)])
        pixels += resize(pattern(width, height), to_width, to_height, method).tobytes()
    (OUT / f"{name}.rgb").write_bytes(pixels)
    write_table(OUT / f"{name}.tsv", ["method", "from_width", "from_height", "width", "height", "offset"], rows, version)


def tensorflow():
    import tensorflow as tf

    def resize(image: np.ndarray, width: int, height: int, method: str) -> np.ndarray:
        return tf.image.resize(image, (height, width)).numpy().round().astype(np.uint8)

    chance = random.Random(6)
    cases = [("linear", *(chance.randint(2, 120) for _ in range(2)), *(chance.randint(1, 24) for _ in range(2))) for _ in range(60)]
    bilinear(cases, resize, "tensorflow", f"# tensorflow-cpu {tf.__version__}: tf.image.resize, rounded")


def letterboxed(image: np.ndarray, side: int, color: int) -> np.ndarray:
    """Letterboxes as Ultralytics does: scaled with INTER_LINEAR to fit, in the middle; half a line less is above and on the left."""
    import cv2

    height, width = image.shape[:2]
    ratio = min(side / height, side / width)
    to_width, to_height = round(width * ratio), round(height * ratio)
    left, top = (side - to_width) / 2, (side - to_height) / 2
    if (width, height) != (to_width, to_height):
        image = cv2.resize(image, (to_width, to_height), interpolation=cv2.INTER_LINEAR)
    edges = round(top - 0.1), round(top + 0.1), round(left - 0.1), round(left + 0.1)
    return cv2.copyMakeBorder(image, *edges, cv2.BORDER_CONSTANT, value=(color,) * 3)


def opencv():
    import cv2

    chance = random.Random(5)
    sizes = [(64, 48), (48, 64), (32, 32), (33, 31), (100, 3), (20, 16), *((chance.randint(2, 150), chance.randint(2, 150)) for _ in range(24))]
    bilinear([("letterbox", *size, 32, 32) for size in sizes], lambda image, *_: letterboxed(image, 32, 114), "letterbox", f"# opencv-python-headless {cv2.__version__}")

    chance, rows, pixels = random.Random(4), [], b""
    for i in range(60):
        width, height = (chance.randint(2, 120) for _ in range(2))
        to_width, to_height = (chance.randint(1, 24) for _ in range(2))
        if i % 6 == 0:
            width, height = to_width * 3, to_height * 2  # OpenCV has a path of its own for whole factors
        method = ("linear", "area")[i % 2]
        flag = {"linear": cv2.INTER_LINEAR, "area": cv2.INTER_AREA}[method]
        resized = cv2.resize(pattern(width, height), (to_width, to_height), interpolation=flag)
        rows.append([method, width, height, to_width, to_height, len(pixels)])
        pixels += resized.tobytes()
    (OUT / "opencv.rgb").write_bytes(pixels)
    columns = ["method", "from_width", "from_height", "width", "height", "offset"]
    write_table(OUT / "opencv.tsv", columns, rows, f"# opencv-python-headless {cv2.__version__}")


if __name__ == "__main__":
    {"opencv": opencv, "tensorflow": tensorflow, "pillow": pillow}[sys.argv[1] if len(sys.argv) > 1 else "pillow"]()
