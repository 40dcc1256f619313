"""What Pillow makes of pictures that are hard to read: refused, or the CRC32 of the pixels. For lossless formats only."""

import warnings
import zlib
from pathlib import Path

import PIL
from PIL import Image

from answers import write_table
from images import good
from preprocess import decode

FOLDERS = ("pngsuite", "pillow", "libjpeg-turbo")
LOSSLESS = (".png", ".gif", ".bmp")
MAX_PIXELS = 250_000_000  # glimpse.image.max-pixels
COLUMNS = ["image", "width", "height", "crc32"]


def write_drawn(golden: Path):
    """The pictures of src/test/resources/images."""
    rows = [row(picture.name, picture.data) for picture in good() if picture.name.endswith(LOSSLESS)]
    write_table(golden / "odd/drawn.tsv", COLUMNS, rows, f"# Pillow {PIL.__version__}")


def write_odd(golden: Path, assets: Path):
    """The test suites of other decoders."""
    root = assets / "odd-images"
    files = sorted(file for folder in FOLDERS for file in (root / folder).rglob("*") if file.name.endswith(LOSSLESS))
    rows = [row(file.relative_to(root).as_posix(), file.read_bytes()) for file in files]
    write_table(golden / "odd/assets.tsv", COLUMNS, rows, f"# Pillow {PIL.__version__}")


def row(name: str, data: bytes) -> list:
    limit = Image.MAX_IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.MAX_IMAGE_PIXELS = MAX_PIXELS
            image = decode(data)
    except Exception:  # Pillow meets broken bytes with exceptions of every kind
        return [name, 0, 0, "refused"]
    finally:
        Image.MAX_IMAGE_PIXELS = limit
    return [name, *image.size, f"{zlib.crc32(image.tobytes()):08x}"]
