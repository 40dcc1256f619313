"""What other versions and libraries make of images that are resized, for ResizeMethodsTest.

Run it three times, with pillow==12.3.0, pillow==13.0.0 and opencv-python-headless==5.0.0.93: each run replaces its own table.
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


def opencv():
    import cv2

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
    opencv() if sys.argv[1:] == ["opencv"] else pillow()
