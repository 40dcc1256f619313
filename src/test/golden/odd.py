"""What Pillow makes of the odd pictures: decoded or refused, and the upright size."""

import warnings
from pathlib import Path

from PIL import Image

import preprocess
from answers import VERSIONS, write_table


def write_pillow_table(out: Path, assets: Path):
    folder = assets / "odd-images"
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    rows = [[file.relative_to(folder).as_posix(), *verdict(file)] for file in files]
    write_table(out / "odd" / "pillow.tsv", ["file", "format", "outcome", "width", "height"], rows, VERSIONS)


def verdict(file: Path) -> list:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind = ""
        try:
            with Image.open(file) as image:
                kind = image.format
            picture = preprocess.decode(file.read_bytes())
            return [kind, "decoded", *picture.size]
        except Exception as problem:  # whatever Pillow throws is its verdict
            return [kind, type(problem).__name__, 0, 0]
