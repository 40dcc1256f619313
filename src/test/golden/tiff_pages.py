"""A TIFF file of several pages, and what Pillow makes of each: its size and the CRC32 of its pixels, turned upright."""

import io
import zlib
from pathlib import Path

import PIL
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import AppendingTiffWriter

from answers import write_table
from images import COLOURS, scene

ORIENTATION = 274


def write_pages(golden: Path):
    data = pages()
    (golden / "odd/pages.tif").write_bytes(data)
    rows = [row(data, page) for page in range(Image.open(io.BytesIO(data)).n_frames)]
    write_table(golden / "odd/pages.tsv", ["page", "width", "height", "crc32"], rows, f"# Pillow {PIL.__version__}")


def pages() -> bytes:
    """Pages of different sizes, colours and compression; the second is stored on its side."""
    options = [
        (scene("first", 40, 30, COLOURS["red"]), {"compression": "tiff_lzw"}),
        (scene("second", 50, 21, COLOURS["green"]).convert("L"), {"compression": "tiff_adobe_deflate", "tiffinfo": {ORIENTATION: 6}}),
        (scene("third", 61, 97, COLOURS["white"]).convert("1"), {"compression": "packbits"}),
        (scene("fourth", 33, 17, COLOURS["blue"]), {}),
    ]
    out = io.BytesIO()
    with AppendingTiffWriter(out) as file:
        for image, how in options:
            image.save(file, "TIFF", **how)
            file.newFrame()
    return out.getvalue()


def row(data: bytes, page: int) -> list:
    image = Image.open(io.BytesIO(data))
    image.seek(page)
    upright = ImageOps.exif_transpose(image).convert("RGB")
    return [page, *upright.size, f"{zlib.crc32(upright.tobytes()):08x}"]
