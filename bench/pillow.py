"""Preprocessing with Pillow and NumPy, timed beside Glimpse's: the Python half of preprocess.sh.

    pillow.py make PHOTO DIR    the images: the photo at 500×375 and enlarged to 4032×3024, as JPEG and PNG
    pillow.py time DIR          medians, as lines of "step image microseconds", on one thread
    pillow.py table DIR         a Markdown table out of what DIR/ours-*.csv (JMH) and DIR/pillow-* (above) hold
"""

import csv
import glob
import io
import os
import platform
import shutil
import statistics
import sys
import time

import numpy as np
import PIL
from PIL import Image, features

SIZES = (500, 375), (4032, 3024)
FORMATS = "jpg", "png"
STEPS = "decode", "resize", "tensor", "whole"
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


def make(photo: str, folder: str) -> None:
    image = Image.open(photo).convert("RGB")
    for size in SIZES:
        name = os.path.join(folder, "%dx%d." % size)
        if image.size == size and photo.endswith((".jpg", ".jpeg")):
            shutil.copyfile(photo, name + "jpg")
        else:
            image.resize(size, Image.Resampling.BICUBIC).save(name + "jpg", quality=90)
        Image.open(name + "jpg").save(name + "png")


def decode(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.load()
    return image


def resize(image: Image.Image) -> Image.Image:
    """The shorter side to 256, bilinear, as Hugging Face's image processors do it."""
    shorter = min(image.size)
    size = tuple(256 * side // shorter for side in image.size)
    return image.resize(size, Image.Resampling.BILINEAR)


def tensor(image: Image.Image) -> np.ndarray:
    """Resize, the middle 224×224, normalise, lay out; all in float32, which is fastest in NumPy."""
    pixels = np.asarray(resize(image))
    top, left = (pixels.shape[0] - 224) // 2, (pixels.shape[1] - 224) // 2
    values = pixels[top : top + 224, left : left + 224].astype(np.float32) * np.float32(1 / 255)
    return np.ascontiguousarray(((values - MEAN) / DEVIATION).transpose(2, 0, 1)[None])


def median(step, seconds: float = 1.0) -> float:
    times = []
    started = time.perf_counter()
    while len(times) < 5 or time.perf_counter() - started < seconds:
        before = time.perf_counter_ns()
        step()
        times.append((time.perf_counter_ns() - before) / 1000)
    return statistics.median(times[1:])


def measure(folder: str) -> None:
    for width, height in SIZES:
        for suffix in FORMATS:
            name = f"{width}x{height}.{suffix}"
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            image = decode(data)
            print("decode", name, median(lambda: decode(data)))
            print("resize", name, median(lambda: resize(image)))
            print("tensor", name, median(lambda: tensor(image)))
            print("whole", name, median(lambda: tensor(decode(data))))


def table(folder: str) -> None:
    ours, pillows = {}, {}
    for name in glob.glob(os.path.join(folder, "ours-*.csv")):
        with open(name, newline="") as file:
            for row in csv.DictReader(file):
                step, _, percentile = row["Benchmark"].split(".", 4)[-1].partition(":")
                if percentile == f"{step}·p0.50" or percentile == "p0.50":
                    ours.setdefault((step, row["Param: file"], row["Param: path"]), []).append(float(row["Score"]))
    for name in glob.glob(os.path.join(folder, "pillow-*")):
        with open(name) as file:
            for step, image, score in map(str.split, file):
                pillows.setdefault((step, image), []).append(float(score))
    jpeg = features.version("libjpeg_turbo")
    print(f"Pillow {PIL.__version__} (libjpeg-turbo {jpeg}), NumPy {np.__version__}, Python {platform.python_version()}.")
    print("Milliseconds: the median of a run, and of the runs the median, with the lowest and the highest in brackets.\n")
    print("| step | image | ours | Pillow | Pillow / ours | ours, fast | Pillow / ours, fast |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for step in STEPS:
        for width, height in SIZES:
            for suffix in FORMATS:
                key = step, f"{width}x{height}.{suffix}"
                if key in pillows and (*key, "exact") in ours:
                    exact, fast = (ours[*key, path] for path in ("exact", "fast"))
                    pillow = pillows[key]
                    ratios = [statistics.median(pillow) / statistics.median(own) for own in (exact, fast)]
                    print(
                        f"| {step} | {key[1]} | {shown(exact)} | {shown(pillow)} | {ratios[0]:.1f}"
                        f" | {shown(fast)} | {ratios[1]:.1f} |"
                    )


def shown(scores: list[float]) -> str:
    middle, low, high = (f(scores) / 1000 for f in (statistics.median, min, max))
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    {"make": make, "time": measure, "table": table}[sys.argv[1]](*sys.argv[2:])
