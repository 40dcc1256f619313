"""What Pillow makes of its own unusual TIFF and WebP files: the size and the CRC-32 of the RGB bytes, or "refused"."""

import warnings
import zlib
from pathlib import Path

import preprocess
from answers import VERSIONS, write_table

TABLES = {"tiff": (".tif", ".tiff"), "webp": (".webp",)}


def write_odd_tiff_and_webp(golden: Path, assets: Path):
    folder = assets / "odd-images" / "pillow"
    for table, suffixes in TABLES.items():
        files = sorted(file for file in folder.rglob("*") if file.suffix in suffixes)
        rows = [[file.relative_to(folder).as_posix(), *_answer(file.read_bytes())] for file in files]
        write_table(golden / "odd" / f"{table}.tsv", ["image", "width", "height", "crc32"], rows, VERSIONS)


def _answer(data: bytes) -> tuple:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = preprocess.decode(data)
        except Exception:  # Pillow refuses with exceptions of every kind
            return 0, 0, "refused"
    return *image.size, f"{zlib.crc32(image.tobytes()):08x}"
