"""JPEG files of every kind: samplings, scans, colour spaces, orientations, odd segments that do no harm, and each defect."""

import struct

import numpy as np
from PIL import Image

from images import jpeg, scene
from photos import UNDO, photo

WIDTH, HEIGHT = 83, 59


def segments(data: bytes) -> list[tuple[int, bytes]]:
    """(marker, body) up to the first scan; last (0xDA, all the rest)."""
    found, at = [], 2
    while data[at + 1] != 0xDA:
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        found.append((data[at + 1], data[at + 4 : at + 2 + length]))
        at += 2 + length
    return [*found, (0xDA, data[at + 2 :])]


def joined(parts: list) -> bytes:
    """The reverse; a part that is bytes stands as it is."""
    out = b"\xff\xd8"
    for part in parts:
        if isinstance(part, bytes):
            out += part
        else:
            marker, body = part
            out += bytes([0xFF, marker]) + (body if marker == 0xDA else struct.pack(">H", len(body) + 2) + body)
    return out


def with_first(data: bytes, *parts) -> bytes:
    """With more segments behind the first one."""
    found = segments(data)
    return joined([found[0], *parts, *found[1:]])


def changed(data: bytes, change) -> bytes:
    return joined([change(marker, body) for marker, body in segments(data)])


def tables_of_16_bits(marker: int, body: bytes) -> tuple[int, bytes]:
    if marker == 0xDB:
        tables = [body[at : at + 65] for at in range(0, len(body), 65)]
        return marker, b"".join(bytes([table[0] | 0x10]) + np.frombuffer(table[1:], np.uint8).astype(">u2").tobytes() for table in tables)
    return (0xC1, body) if marker == 0xC0 else (marker, body)


def inks_as_luma(image: Image.Image) -> bytes:
    """YCCK: inks stored as brightness, two differences of colour, and black. Pillow writes the four as they are; the marker is put right."""
    inks = np.asarray(image.convert("CMYK")).copy()
    inks[..., 3] = 40
    luma = np.asarray(Image.fromarray(inks[..., :3]).convert("YCbCr"))
    stored = np.dstack([luma, 255 - inks[..., 3]])
    data = jpeg(Image.fromarray(255 - stored, "CMYK"), quality=92)
    return changed(data, lambda marker, body: (marker, body[:-1] + b"\2") if marker == 0xEE else (marker, body))


def exif(orientation: int, order: str = ">", kind: int = 3, count: int = 1) -> bytes:
    entry = struct.pack(f"{order}HHHI", 1, 0x0112, kind, count) + struct.pack(f"{order}HH", orientation, 0)
    mark = b"MM\0*" if order == ">" else b"II*\0"
    return b"Exif\0\0" + mark + struct.pack(f"{order}I", 8) + entry + bytes(4)


def kinds() -> dict[str, bytes]:
    image = scene("odd-jpeg", WIDTH, HEIGHT, (150, 90, 60))
    good = jpeg(image)
    files = {f"sampling-{name}": jpeg(image, subsampling=name) for name in ("4:4:4", "4:2:2", "4:2:0")}
    files |= {f"progressive-{name}": jpeg(image, subsampling=name, progressive=True) for name in ("4:4:4", "4:2:2", "4:2:0")}
    files = {name.replace(":", ""): data for name, data in files.items()}
    files |= {f"quality-{quality}": jpeg(image, quality=quality) for quality in (1, 50, 100)}
    files |= {f"restart-{blocks}-blocks": jpeg(image, restart_marker_blocks=blocks) for blocks in (1, 4)}
    files |= {f"size-{side}x{other}": jpeg(image.crop((0, 0, side, other))) for side, other in ((1, 1), (7, 9), (8, 8), (16, 17), (15, 33))}
    files |= {
        "grey": jpeg(image.convert("L")),
        "grey-progressive": jpeg(image.convert("L"), progressive=True),
        "rgb-without-transform": jpeg(image, keep_rgb=True),
        "cmyk": jpeg(image.convert("CMYK")),
        "cmyk-progressive": jpeg(image.convert("CMYK"), progressive=True),
        "ycck": inks_as_luma(image),
        "quantization-tables-of-16-bits": changed(good, tables_of_16_bits),
        "extended-sequential": changed(good, lambda marker, body: (0xC1 if marker == 0xC0 else marker, body)),
        "comment": jpeg(image, comment=b"waves"),
        "profile": jpeg(image, icc_profile=b"no profile"),
        "junk-between-segments": with_first(good, b"\xff\0\1\2\3"),
        "fill-bytes-before-marker": with_first(good, b"\xff\xff\xff"),
        "adobe-segment-short": with_first(good, (0xEE, b"Adobe\0d")),
        "adobe-segment-of-another": with_first(good, (0xEE, b"Waves\0\0\0\0\0\0\0")),
        "photoshop-segment-broken": with_first(good, (0xED, b"Photoshop 3.0\x008BIM\x03\xed\0\0\0\0\xff\xff")),
        "exif-noise": with_first(good, (0xE1, b"Exif\0\0" + bytes(range(80, 120)))),
        "exif-directory-outside": with_first(good, (0xE1, b"Exif\0\0MM\0*\x7f\0\0\0")),
        "exif-cut": with_first(good, (0xE1, exif(6)[:20])),
        "exif-orientation-9": with_first(good, (0xE1, exif(9))),
        "exif-orientation-0": with_first(good, (0xE1, exif(0))),
        "exif-little-endian-orientation-8": with_first(good, (0xE1, exif(8, "<"))),
        "xmp": with_first(good, (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")),
        "end-marker-missing": good[:-2],
        "bytes-after-end": good + bytes(30),
    }
    for name, size in (("landscape", (120, 80)), ("portrait", (80, 120))):
        upright = photo(name, *size)
        for turn, undo in UNDO.items():
            stored = upright if undo is None else upright.transpose(Image.Transpose(undo))
            files[f"{name}-orientation-{turn}"] = with_first(jpeg(stored, subsampling="4:4:4"), (0xE1, exif(turn)))
    return files


def broken() -> dict[str, bytes]:
    image = scene("odd-jpeg", WIDTH, HEIGHT, (150, 90, 60))
    good, grey = jpeg(image), jpeg(image.convert("L"))

    def framed(data: bytes, change) -> bytes:
        return changed(data, lambda marker, body: change(marker, body) if marker == 0xC0 else (marker, body))

    def without(gone: int) -> bytes:
        return joined([part for part in segments(good) if part[0] != gone])

    return {
        "12-bits-a-sample": framed(grey, lambda marker, body: (0xC1, b"\x0c" + body[1:])),
        "height-zero": framed(good, lambda marker, body: (marker, body[:1] + b"\0\0" + body[3:])),
        "width-zero": framed(good, lambda marker, body: (marker, body[:3] + b"\0\0" + body[5:])),
        "two-components": framed(good, lambda marker, body: (marker, body[:5] + b"\2" + body[6:-3])),
        "sampling-factor-zero": framed(good, lambda marker, body: (marker, body[:7] + b"\0" + body[8:])),
        "frame-missing": without(0xC0),
        "huffman-tables-missing": without(0xC4),
        "quantization-tables-missing": without(0xDB),
        "too-large": framed(good, lambda marker, body: (marker, body[:1] + b"\xff\xff\xff\xff" + body[5:])),
        "cut-in-scan": good[: len(good) * 2 // 3],
        "cut-in-scan-with-end-marker": good[: len(good) * 2 // 3] + b"\xff\xd9",
        "cut-in-frame": good[: good.index(b"\xff\xc0") + 9],
        "segment-length-1": with_first(good, b"\xff\xe5\0\1"),
        "start-only": good[:3],
    }


def drawn_jpeg() -> dict[str, bytes]:
    return {f"jpeg/{name}.jpg": data for name, data in kinds().items()} | {f"jpeg/broken-{name}.jpg": data for name, data in broken().items()}
