"""Makes the test fixtures and their golden answers. See README.md."""

import argparse
import shutil
from pathlib import Path

from answers import write_answers, write_table
from broken_images import broken
from broken_models import DEFECTS, write_broken_models
from drawn_odd import write_drawn_odd
from failing import write_failing
from formats import write_formats
from heads import write_heads, write_real_heads
from images import good
from imagenet import write_imagenet, write_odd_model
from layouts import write_layouts
from models import write_models, write_slow
from odd import write_pillow_table
from odd_images import write_drawn, write_odd
from odd_tiff_webp import write_odd_tiff_and_webp
from photos import photos, write_photos
from random_models import write_random_models
from tensors import write_tensor_models
from tiff_pages import write_pages
from unbatchable import write_unbatchable

RESOURCES = Path(__file__).parent.parent / "resources"


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=RESOURCES, help="a new folder to write to; default: src/test/resources")
    options.add_argument("--assets", type=Path, help="real models and photos; without it golden/imagenet and golden/odd/assets.tsv stay as they are")
    arguments = options.parse_args()
    out = arguments.out
    if out != RESOURCES and out.exists():
        options.error(f"{out} exists; --out wants a folder that does not, as the old content is removed")
    for old in ("models", "models-slow", "models-broken", "images", "models-formats", "models-layouts", "models-unbatchable", "models-failing", "models-tensors", "models-random", "models-heads", "photos", "images-odd", "golden/random", "golden/tensors", "golden/formats", "golden/resize"):
        shutil.rmtree(out / old, ignore_errors=True)
    write_models(out / "models")
    write_slow(out / "models-slow")
    write_broken_models(out / "models-broken")
    describe_broken_models(out / "models-broken")
    write_images(out / "images")
    write_answers(out / "golden", out / "models")
    write_formats(out / "models-formats", out / "golden")
    write_layouts(out / "models-layouts", out / "golden")
    write_unbatchable(out / "models-unbatchable")
    write_failing(out / "models-failing")
    write_tensor_models(out / "models-tensors")
    write_drawn(out / "golden")
    write_drawn_odd(out / "images-odd", out / "golden")
    write_pages(out / "golden")
    write_photos(out / "photos")
    write_random_models(out / "models-random", out / "golden", photos())
    write_heads(out / "models-heads", out / "golden")
    if arguments.assets:
        write_odd(out / "golden", arguments.assets)
        write_real_heads(out / "golden", arguments.assets)
        write_imagenet(out / "golden", arguments.assets)
        write_odd_model(out / "golden", arguments.assets)
        write_odd_tiff_and_webp(out / "golden", arguments.assets)
        write_pillow_table(out / "golden", arguments.assets)


def write_images(folder: Path):
    folder.mkdir(parents=True)
    pictures = sorted([*good(), *broken()], key=lambda picture: (picture.status, picture.name))
    for picture in pictures:
        (folder / picture.name).write_bytes(picture.data)
    write_table(folder / "images.tsv", ["image", "status", "what"], [picture[:3] for picture in pictures])
    describe(
        folder,
        "# Pictures",
        "Drawn by `src/test/golden/make.py`; do not edit by hand. The status is the answer that `POST /predict` owes it.\n"
        "`images.tsv` is the same table for tests.",
        ["picture", "status", "what it is"],
        [[f"`{picture.name}`", picture.status, picture.what] for picture in pictures],
    )


def describe_broken_models(folder: Path):
    describe(
        folder,
        "# Broken model repositories",
        "One folder a defect, each a whole model repository with one model named `bad`. Made by `src/test/golden/make.py`.\n"
        "None of them may load, and the error must name the file and the key, or the count, that is wrong.",
        ["repository", "defect"],
        [[f"`{name}`", defect] for name, defect in DEFECTS.items()],
    )


def describe(folder: Path, title: str, text: str, columns: list, rows: list):
    table = [columns, ["---"] * len(columns), *rows]
    lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in table]
    (folder / "README.md").write_text("\n".join([title, "", text, "", *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
