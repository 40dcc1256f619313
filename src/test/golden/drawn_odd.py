"""All that is drawn for the decoders, and what Pillow makes of each file."""

from pathlib import Path

import PIL

from answers import VERSIONS, write_table
from drawn_bmp import drawn_bmp
from drawn_gif import drawn_gif
from drawn_jpeg import drawn_jpeg
from drawn_png import drawn_png
from drawn_tiff import drawn_tiff
from drawn_webp import drawn_webp
from odd import verdict
from odd_images import COLUMNS, row

EXACT = {"lossless": ("png/", "gif/", "bmp/"), "tiff": ("tiff/",), "webp": ("webp/",)}


def write_drawn_odd(folder: Path, golden: Path):
    files = drawn_png() | drawn_bmp() | drawn_gif() | drawn_tiff() | drawn_webp() | drawn_jpeg()
    verdicts = []
    for name, data in sorted(files.items()):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        verdicts.append([name, *verdict(file)])
    write_table(golden / "odd/drawn-all.tsv", ["file", "format", "outcome", "width", "height"], verdicts, VERSIONS)
    for table, folders in EXACT.items():
        rows = [row(name, data) for name, data in sorted(files.items()) if name.startswith(folders)]
        write_table(golden / f"odd/drawn-{table}.tsv", COLUMNS, rows, f"# Pillow {PIL.__version__}")
    print(f"{len(files)} odd images, {sum(len(data) for data in files.values())} bytes")
