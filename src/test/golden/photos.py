"""Images that look like photos to a codec: soft slopes, texture of all scales, shapes, lines of text and grain. All drawn here.

Each is a JPEG of another kind, and named after it: subsampling, scans, restart markers, colour space, EXIF orientation, size.
"""

import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from images import jpeg

UNDO = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # EXIF orientation -> Image.Transpose that makes the stored image
KINDS = {
    "444-640x480": {"subsampling": "4:4:4"},
    "422-640x427": {"subsampling": "4:2:2"},
    "420-640x480": {"subsampling": "4:2:0"},
    "420-500x375": {"subsampling": "4:2:0"},
    "420-odd-size-501x333": {"subsampling": "4:2:0"},
    "422-odd-size-333x501": {"subsampling": "4:2:2"},
    "420-large-1024x768": {"subsampling": "4:2:0", "quality": 60},
    "420-small-200x150": {"subsampling": "4:2:0"},
    "420-wide-900x250": {"subsampling": "4:2:0"},
    "420-tall-250x900": {"subsampling": "4:2:0"},
    "444-quality-98-320x240": {"subsampling": "4:4:4", "quality": 98},
    "420-quality-30-640x480": {"subsampling": "4:2:0", "quality": 30},
    "420-optimized-480x360": {"subsampling": "4:2:0", "optimize": True},
    "grey-500x375": {"mode": "L"},
    "grey-progressive-375x500": {"mode": "L", "progressive": True},
    "444-progressive-400x300": {"subsampling": "4:4:4", "progressive": True},
    "420-progressive-640x427": {"subsampling": "4:2:0", "progressive": True},
    "420-restart-every-row-400x300": {"subsampling": "4:2:0", "restart_marker_rows": 1},
    "444-restart-every-5-blocks-300x400": {"subsampling": "4:4:4", "restart_marker_blocks": 5},
    "420-progressive-restart-333x250": {"subsampling": "4:2:0", "progressive": True, "restart_marker_rows": 2},
    "rgb-without-transform-320x240": {"subsampling": "4:4:4", "keep_rgb": True},
    "cmyk-320x240": {"mode": "CMYK"},
    **{f"orientation-{turn}-{'480x320' if turn < 5 else '320x480'}": {"subsampling": "4:2:0", "orientation": turn} for turn in UNDO},
}


def photo(name: str, width: int, height: int) -> Image.Image:
    """Upright. Seeded by its name."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    image = Image.fromarray(_clip(_slope(random, width, height) + _texture(random, width, height)))
    draw = ImageDraw.Draw(image)
    for i in range(int(random.integers(5, 12))):
        _shape(draw, random, width, height, i)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    _text(ImageDraw.Draw(image), random, width, height)
    return Image.fromarray(_clip(np.asarray(image) + random.normal(0, 2.5, (height, width, 3))))


def _slope(random, width: int, height: int) -> np.ndarray:
    corners = random.integers(10, 246, (2, 2, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(corners).resize((width, height), Image.Resampling.BILINEAR)).astype(float)


def _texture(random, width: int, height: int) -> np.ndarray:
    """Noise of every scale, the finer the weaker, and stronger towards one side."""
    total = np.zeros((height, width, 3))
    for octave in range(2, 7):
        grid = random.integers(0, 256, (2**octave, 2**octave, 3)).astype(np.uint8)
        noise = np.asarray(Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)).astype(float) - 128
        total += noise * random.uniform(0.2, 1.0) / (octave - 1)
    return total * np.linspace(random.uniform(0.1, 0.6), random.uniform(0.4, 1.2), width)[None, :, None]


def _shape(draw: ImageDraw.ImageDraw, random, width: int, height: int, number: int):
    left, top = random.integers(-width // 8, width), random.integers(-height // 8, height)
    wide, high = random.integers(width // 12, width // 3), random.integers(height // 12, height // 3)
    fill = tuple(int(v) for v in random.integers(0, 256, 3))
    if number % 3 == 2:
        draw.polygon([(left, top + high), (left + wide // 2, top), (left + wide, top + high)], fill=fill)
    else:
        (draw.ellipse if number % 3 else draw.rectangle)([left, top, left + wide, top + high], fill=fill)


def _text(draw: ImageDraw.ImageDraw, random, width: int, height: int):
    """Rows of small dark bars on a light plate: the hard edges of print."""
    left, top = int(random.integers(0, width // 2)), int(random.integers(0, height // 2))
    draw.rectangle([left, top, left + width // 3, top + height // 5], fill=(235, 232, 220))
    for y in range(top + 4, top + height // 5 - 4, 7):
        x = left + 4
        while x < left + width // 3 - 8:
            stroke = int(random.integers(1, 6))
            draw.rectangle([x, y, x + stroke, y + 4], fill=(30, 28, 35))
            x += stroke + int(random.integers(2, 5))


def _clip(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def encoded(name: str, mode: str = "RGB", orientation: int = 0, quality: int = 80, **options) -> bytes:
    """The photo of this name, which ends in its stored size, as a JPEG."""
    width, height = (int(side) for side in name.rsplit("-", 1)[1].split("x"))
    if orientation:
        upright = photo("orientation", 480, 320)
        image = upright if orientation == 1 else upright.transpose(Image.Transpose(UNDO[orientation]))
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    else:
        image = photo(name, width, height)
    return jpeg(image.convert(mode), quality=quality, **options)


def photos() -> dict[str, bytes]:
    return {f"{name}.jpg": encoded(name, **options) for name, options in KINDS.items()}


def write_photos(folder: Path):
    folder.mkdir(parents=True)
    for name, data in photos().items():
        (folder / name).write_bytes(data)
