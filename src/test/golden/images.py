"""The good pictures: all drawn here, each small, each the hard case of one thing."""

import io
import zlib
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import png
from daisy import daisy_picture

COLOURS = {
    "red": (205, 40, 35),
    "green": (45, 175, 60),
    "blue": (35, 60, 200),
    "yellow": (225, 205, 45),
    "black": (22, 20, 24),
    "white": (236, 238, 235),
}
MIXED = (120, 110, 100)


class Picture(NamedTuple):
    name: str
    status: int
    what: str
    data: bytes


def scene(name: str, width: int, height: int, colour: tuple, noise: float = 6) -> Image.Image:
    """A picture mostly of one colour: a slope of light, a dozen shapes, sharp edges, fine noise. Seeded by its name."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    y, x = np.mgrid[0:height, 0:width]
    light = 40 * (x / width - 0.5) + 25 * np.sin(2 * np.pi * y / height)
    image = Image.fromarray(_bytes(np.array(colour) + light[..., None]))
    draw = ImageDraw.Draw(image)
    for i in range(12):
        left, top = random.integers(0, width), random.integers(0, height)
        wide, high = random.integers(1, width // 5 + 2), random.integers(1, height // 5 + 2)
        tint = tuple(int(v) for v in np.clip(np.array(colour) + random.integers(-90, 91, 3), 0, 255))
        shape = draw.ellipse if i % 2 else draw.rectangle
        shape([left, top, left + wide, top + high], fill=tint)
    grain = random.normal(0, noise, (height, width, 3))
    return Image.fromarray(_bytes(np.asarray(image) + grain))


def signpost() -> Image.Image:
    """No two of its eight turnings look alike: red ground, blue triangle top left, green on the right, white foot."""
    image = scene("signpost", 96, 64, COLOURS["red"], noise=3)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 0), (52, 0), (0, 52)], fill=COLOURS["blue"])
    draw.rectangle([60, 0, 95, 63], fill=COLOURS["green"])
    draw.rectangle([0, 48, 95, 63], fill=COLOURS["white"])
    return image.filter(ImageFilter.GaussianBlur(0.7))


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def save(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(image: Image.Image, quality: int = 85, **options) -> bytes:
    return save(image, "JPEG", quality=quality, **options)


def alpha_slope(image: Image.Image) -> Image.Image:
    """The picture, from opaque on the left to clear on the right."""
    width, height = image.size
    slope = np.tile(np.linspace(255, 0, width), (height, 1))
    image = image.copy()
    image.putalpha(Image.fromarray(_bytes(slope)))
    return image


def good() -> list[Picture]:
    return [*_colours(), *_jpegs(), *_orientations(), *_pngs(), *_odd_shapes(), *_other_formats()]


def _colours():
    sizes = {"red": (640, 480), "green": (97, 61), "blue": (50, 200), "yellow": (97, 61), "black": (50, 200), "white": (120, 90)}
    for name, colour in COLOURS.items():
        image = scene(name, *sizes[name], colour)
        kind = "jpg" if name in ("red", "green", "blue") else "png"
        data = jpeg(image) if kind == "jpg" else save(image, "PNG", optimize=True)
        yield Picture(f"{name}.{kind}", 200, f"mostly {name}, {sizes[name][0]}×{sizes[name][1]}", data)


def _jpegs():
    yield Picture("daisy.jpg", 200, "a daisy, the README's example", jpeg(daisy_picture(), quality=90))
    image = scene("jpeg", 181, 133, COLOURS["blue"])
    yield Picture("progressive.jpg", 200, "progressive scans", jpeg(image, progressive=True))
    yield Picture("gray.jpg", 200, "one component", jpeg(image.convert("L")))
    yield Picture("cmyk.jpg", 200, "four components, inverted as Adobe does", jpeg(image.convert("CMYK")))
    yield Picture("420.jpg", 200, "chroma halved both ways, odd size", jpeg(image, subsampling="4:2:0"))
    yield Picture("422.jpg", 200, "chroma halved across, odd size", jpeg(image, subsampling="4:2:2"))
    yield Picture("444.jpg", 200, "chroma in full", jpeg(image, subsampling="4:4:4"))
    yield Picture("trailing-bytes.jpg", 200, "a good picture with bytes after its end, as some phones write", jpeg(image) + bytes(100))
    lying = save(scene("lying", 60, 40, COLOURS["green"]), "PNG")
    yield Picture("lying-extension.jpg", 200, "really a PNG: the first bytes count, not the name", lying)


def _orientations():
    upright = signpost()
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # EXIF orientation -> Image.Transpose that makes the stored picture
    for orientation in range(1, 9):
        stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = jpeg(stored, quality=95, subsampling="4:4:4", exif=exif)
        yield Picture(f"orientation-{orientation}.jpg", 200, f"EXIF orientation {orientation}; upright it is the same 96×64 picture as its seven sisters", data)


def _pngs():
    image = scene("png", 90, 70, COLOURS["yellow"])
    pixels = np.asarray(image)
    deep = _deepened(pixels)
    yield Picture("scene.png", 200, "plain 8-bit RGB, 160×120, many colours", save(scene("scene", 160, 120, MIXED), "PNG", optimize=True))
    yield Picture("palette.png", 200, "64 colours in a palette", save(image.quantize(64), "PNG"))
    yield Picture("bilevel.png", 200, "one bit a pixel", save(image.convert("1"), "PNG"))
    yield Picture("gray.png", 200, "8-bit grey", save(image.convert("L"), "PNG"))
    yield Picture("gray-16bit.png", 200, "16-bit grey; v >> 8 and v * 255 / 65535, rounded, give the same", png.encode(deep[..., :1], png.GREY))
    yield Picture("gray-alpha.png", 200, "grey with alpha, shown on white", save(alpha_slope(image.convert("L")), "PNG"))
    yield Picture("rgba.png", 200, "opaque on the left, clear on the right, shown on white", save(alpha_slope(image), "PNG"))
    yield Picture("rgb-16bit.png", 200, "16-bit colour; v >> 8 and v * 255 / 65535, rounded, give the same", png.encode(deep, png.RGB))
    yield Picture("interlaced.png", 200, "Adam7", png.encode(pixels, png.RGB, interlaced=True))
    yield Picture("interlaced-rgba.png", 200, "Adam7 with alpha", png.encode(np.asarray(alpha_slope(image)), png.RGBA, interlaced=True))
    clear = image.quantize(16)
    yield Picture("palette-transparent.png", 200, "a palette whose most used colour is clear, shown on white", save(clear, "PNG", transparency=_most_used(clear)))


def _deepened(pixels: np.ndarray) -> np.ndarray:
    """16 bits whose high byte is the pixel and whose low byte differs from it, by less than 128: so v >> 8 and
    v * 255 / 65535, rounded, are both the pixel again, while reading the two bytes in the wrong order is not."""
    low = pixels + np.random.default_rng(16).integers(-100, 101, pixels.shape)
    return (pixels.astype(np.uint16) << 8) + np.clip(low, 0, 255).astype(np.uint16)


def _most_used(image: Image.Image) -> int:
    return int(np.bincount(np.asarray(image).ravel()).argmax())


def _odd_shapes():
    yield Picture("one-pixel.png", 200, "1×1, red", save(Image.new("RGB", (1, 1), COLOURS["red"]), "PNG"))
    yield Picture("thin.png", 200, "1 wide, 300 high", save(scene("thin", 1, 300, COLOURS["green"]), "PNG"))
    yield Picture("wide.png", 200, "300 wide, 1 high", save(scene("wide", 300, 1, COLOURS["blue"]), "PNG"))
    yield Picture("tall.png", 200, "7 wide, 500 high", save(scene("tall", 7, 500, COLOURS["blue"]), "PNG"))


def _other_formats():
    image = scene("other", 75, 55, COLOURS["red"])
    clear = alpha_slope(image)
    yield Picture("still.gif", 200, "one frame", save(image.quantize(64), "GIF"))
    frames = [image.quantize(16), scene("second", 75, 55, COLOURS["blue"]).quantize(16)]
    yield Picture("animated.gif", 200, "two frames: the first, a red one, counts", save(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100))
    yield Picture("picture.bmp", 200, "24-bit", save(image, "BMP"))
    yield Picture("picture.webp", 200, "lossy", save(image, "WEBP", quality=85))
    yield Picture("lossless-alpha.webp", 200, "lossless with alpha, shown on white", save(clear, "WEBP", lossless=True, exact=True))
    yield Picture("picture.tif", 200, "LZW, strips", save(image, "TIFF", compression="tiff_lzw"))
