"""WebP files of every kind, and each defect."""

import struct

from PIL import Image

from images import alpha_slope, save, scene

WIDTH, HEIGHT = 61, 45


def _scene(name: str) -> Image.Image:
    return scene(name, WIDTH, HEIGHT, (90, 130, 160))


def kinds() -> dict[str, bytes]:
    image = _scene("webp")
    clear = alpha_slope(image)
    frames = {"save_all": True, "append_images": [_scene("webp-second")], "duration": 100}
    files = {f"lossy-quality-{quality}": save(image, "WEBP", quality=quality) for quality in (5, 50, 80, 100)}
    files |= {f"lossy-method-{method}": save(image, "WEBP", quality=70, method=method) for method in (0, 6)}
    files |= {
        "lossless": save(image, "WEBP", lossless=True),
        "lossless-grey": save(image.convert("L"), "WEBP", lossless=True),
        "lossless-8-colours": save(image.quantize(8).convert("RGB"), "WEBP", lossless=True),
        "lossless-alpha": save(clear, "WEBP", lossless=True, exact=True),
        "lossy-alpha": save(clear, "WEBP", quality=80),
        "lossy-alpha-quality-20": save(clear, "WEBP", quality=80, alpha_quality=20),
        "one-pixel": save(Image.new("RGB", (1, 1), (200, 30, 40)), "WEBP", lossless=True),
        "animated-lossy": save(image, "WEBP", quality=80, **frames),
        "animated-lossless": save(image, "WEBP", lossless=True, **frames),
        "xmp-and-profile": save(image, "WEBP", quality=80, xmp=b"<x/>", icc_profile=b"no profile"),
        "bytes-after-end": save(image, "WEBP", quality=80) + bytes(20),
    }
    for name, still in (("lossy", save(image, "WEBP", quality=80)), ("lossless-alpha", files["lossless-alpha"])):
        for alpha in (False, True):
            files[f"animated-{name}-inside-{'clear' if alpha else 'opaque'}-canvas"] = _animated(still, alpha)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        files[f"orientation-{orientation}"] = save(image, "WEBP", quality=80, exif=exif)
    return files


def _animated(still: bytes, alpha: bool) -> bytes:
    """Two frames of the same pixels, inside of a canvas whose background is red, which Pillow ignores."""
    pixels = still[12:] if still[12:16] != b"VP8X" else still[30:]
    head = _medium(4) + _medium(6) + _medium(WIDTH - 1) + _medium(HEIGHT - 1) + _medium(100) + b"\0"
    canvas = bytes([0x12 if alpha else 0x02, 0, 0, 0]) + _medium(WIDTH + 19) + _medium(HEIGHT + 29)
    body = _chunk(b"VP8X", canvas) + _chunk(b"ANIM", b"\0\0\xff\xff\0\0") + 2 * _chunk(b"ANMF", head + pixels)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _medium(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def broken() -> dict[str, bytes]:
    lossy, lossless = (save(_scene("webp"), "WEBP", lossless=lossless) for lossless in (False, True))
    return {
        "lossy-cut": lossy[: len(lossy) // 2],
        "lossless-cut": lossless[: len(lossless) // 2],
        "cut-in-header": lossy[:18],
        "riff-only": lossy[:12],
        "chunk-unknown": lossy[:12] + b"VP7 " + lossy[16:],
        "lossy-start-code": lossy[:23] + b"\0\0\0" + lossy[26:],
        "lossless-signature": lossless[:20] + b"\0" + lossless[21:],
        "width-zero": lossy[:26] + struct.pack("<H", 0) + lossy[28:],
        "lossless-noise": lossless[:40] + bytes(range(1, 200)) + lossless[239:],
    }


def drawn_webp() -> dict[str, bytes]:
    return {f"webp/{name}.webp": data for name, data in kinds().items()} | {f"webp/broken-{name}.webp": data for name, data in broken().items()}
