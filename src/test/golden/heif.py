"""HEIC and AVIF files of every kind, and what pillow-heif makes of them: one PNG beside each.

Runs beside make.py, with the packages of requirements-heif.txt, heif-enc (libheif-examples) and avifenc (libavif-bin): see README.md.
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

import heif_container as container
import png
import preprocess
from images import alpha_slope, scene

RESOURCES = Path(__file__).parent.parent / "resources"
WIDTH, HEIGHT = 64, 48
QUALITY = ["-q", "60"]


def _scene(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    return scene("heif", width, height, (120, 110, 140), noise=2)


class Encoders:
    """Runs the encoders on images in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder = folder

    def heif(self, image, *options: str, suffix: str = "heic") -> bytes:
        return self._run(["heif-enc", *options, "-o"], image, suffix)

    def avif(self, image, *options: str) -> bytes:
        return self._run(["avifenc", "-s", "6", "-j", "1", *options], image, "avif", output_last=True)

    def _run(self, command: list[str], image, suffix: str, output_last: bool = False) -> bytes:
        source, out = self.folder / "in.png", self.folder / f"out.{suffix}"
        _save(image, source)
        files = [str(source), str(out)] if output_last else [str(out), str(source)]
        subprocess.run([*command, *files], check=True, capture_output=True)
        return out.read_bytes()

    def coded(self, image, *options: str) -> container.Coded:
        return container.coded(self.heif(image, *QUALITY, *options))


def _save(image, path: Path):
    if isinstance(image, Image.Image):
        image.save(path)
    else:
        path.write_bytes(png.encode(image, png.RGB))


def _deep(image: Image.Image) -> np.ndarray:
    values = np.asarray(image).astype(np.int64) * 257
    return np.clip(values + np.arange(values.shape[1])[None, :, None] % 5 * 50, 0, 65535).astype(np.uint16)


def heic(run: Encoders) -> dict[str, bytes]:
    image, odd = _scene(), _scene(61, 45)
    plain, clear = run.coded(image), alpha_slope(image)
    full_chroma = run.coded(image, "-p", "chroma=444")
    grey = run.coded(clear.getchannel("A"), "-p", "chroma=444", "--full_range_flag", "1")
    # libheif 1.19 crops and turns subsampled chroma before it enlarges them, so that odd offsets shift them by a pixel.
    one = lambda *properties, **options: container.file([container.image(full_chroma, *properties)], **options)
    tiles = [run.coded(_scene(128, 128).crop((x, y, x + 64, y + 64))) for y in (0, 64) for x in (0, 64)]
    shown = [container.image(tile) for tile in tiles]
    over = container.Item(b"grid", container.grid(2, 2, 118, 102), [container.size(118, 102)], [(b"dimg", [2, 3, 4, 5])])
    turned = over._replace(properties=[*over.properties, container.turn(1)])
    alpha = container.image(grey, container.alpha_type())._replace(references=[(b"auxl", [1])])
    same = container.Item(b"iden", b"", [container.size(plain.width, plain.height), container.turn(3)], [(b"dimg", [2])])
    files = {
        "420": run.heif(image, *QUALITY),
        "422": run.heif(image, *QUALITY, "-p", "chroma=422"),
        "444": run.heif(image, *QUALITY, "-p", "chroma=444"),
        "grey": run.heif(image.convert("L"), *QUALITY),
        "lossless": run.heif(image, "-L", "-p", "chroma=444", "--matrix_coefficients=0"),
        "odd": run.heif(odd, *QUALITY),
        "odd-444": run.heif(odd, *QUALITY, "-p", "chroma=444"),
        "limited": run.heif(image, *QUALITY, "--full_range_flag", "0"),
        "bt709": run.heif(image, *QUALITY, "--matrix_coefficients=1"),
        "bt2020": run.heif(image, *QUALITY, "--matrix_coefficients=9"),
        "alpha": run.heif(clear, *QUALITY),
        "10-bit": run.heif(_deep(image), *QUALITY, "-b", "10"),
        "12-bit": run.heif(_deep(image), *QUALITY, "-b", "12"),
        "10-bit-444": run.heif(_deep(image), *QUALITY, "-b", "10", "-p", "chroma=444"),
        "thumbnail": run.heif(image, *QUALITY, "-t", "16"),
        "crop": one(container.crop((30, 1), (20, 1), (5, 1), (-3, 1))),
        "crop-half": one(container.crop((31, 1), (21, 1), (1, 2), (-1, 2))),
        "crop-turn-mirror": one(container.crop((40, 1), (22, 1), (6, 1), (4, 1)), container.turn(1), container.mirror(1)),
        "turn-crop": one(container.turn(3), container.crop((20, 1), (30, 1), (-4, 1), (7, 1))),
        "mirror-crop-turn": one(container.mirror(1), container.crop((20, 1), (30, 1), (-9, 1), (7, 1)), container.turn(2)),
        "grid": container.file([over, *shown]),
        "grid-turn": container.file([turned, *shown], in_idat=True),
        "extents": container.file([container.image(plain)], extents=3),
        "wide-numbers": one(wide=True),
        "alpha-444": container.file([container.image(plain), alpha]),
        "premultiplied": container.file([container.image(plain)._replace(references=[(b"prem", [2])]), alpha]),
        "same": container.file([same, container.image(plain)], brand=b"mif1"),
        "no-nclx": container.file([container.image(plain._replace(colours=b""))]),
    }
    files |= {f"turn-{quarters}": one(container.turn(quarters)) for quarters in (1, 2, 3)}
    files |= {f"mirror-{axis}": one(container.mirror(axis)) for axis in (0, 1)}
    return files


def avif(run: Encoders) -> dict[str, bytes]:
    image, odd, clear, quality = _scene(), _scene(61, 45), alpha_slope(_scene()), ["--min", "20", "--max", "30"]
    files = {f"yuv-{yuv}": run.avif(image, *quality, "-y", yuv) for yuv in ("420", "422", "444", "400")}
    files |= {f"turn-{quarters}": run.avif(image, *quality, "--irot", str(quarters)) for quarters in (1, 2, 3)}
    files |= {f"mirror-{axis}": run.avif(image, *quality, "--imir", str(axis)) for axis in (0, 1)}
    files |= {f"{depth}-bit": run.avif(_deep(image), *quality, "-d", str(depth)) for depth in (10, 12)}
    return files | {
        "lossless": run.avif(image, "--lossless"),
        "odd": run.avif(odd, *quality, "-y", "420"),
        "odd-444": run.avif(odd, *quality, "-y", "444"),
        "limited": run.avif(image, *quality, "-r", "limited", "-y", "444"),
        "bt709": run.avif(image, *quality, "--cicp", "1/13/1", "-y", "444"),
        "bt2020": run.avif(image, *quality, "--cicp", "9/16/9", "-y", "444"),
        "alpha": run.avif(clear, *quality, "-y", "444"),
        "alpha-10-bit": run.avif(clear, *quality, "-y", "444", "-d", "10"),
        "premultiplied": run.avif(clear, *quality, "-y", "444", "-p"),
        "crop": run.avif(image, *quality, "--crop", "10,8,30,20", "-y", "444"),
        "crop-turn-mirror": run.avif(image, *quality, "--crop", "10,8,30,20", "--irot", "1", "--imir", "0", "-y", "444"),
        "grid": run.avif(_scene(192, 128), *quality, "--grid", "3x2"),
        "grid-alpha": run.avif(alpha_slope(_scene(128, 128)), *quality, "--grid", "2x2", "-y", "444"),
        "coded-by-libheif": run.heif(image, *QUALITY, "-A", suffix="avif"),
    }


def expected(data: bytes) -> Image.Image:
    """What pillow-heif decodes, over white; the container has said already how it is turned."""
    image = pillow_heif.open_heif(data, convert_hdr_to_8bit=True).to_pillow()
    return preprocess.to_rgb(image)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESOURCES)
    folder = parser.parse_args().out / "images-heif"
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        run = Encoders(Path(work))
        for suffix, files in (("heic", heic(run)), ("avif", avif(run))):
            (folder / suffix).mkdir(parents=True)
            for name, data in files.items():
                (folder / suffix / f"{name}.{suffix}").write_bytes(data)
                try:
                    expected(data).save(folder / suffix / f"{name}.png", optimize=True)
                except Exception as e:
                    print(suffix, name, repr(e))


if __name__ == "__main__":
    main()
