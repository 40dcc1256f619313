"""Pictures that are none, each named for its defect."""

import struct
import zlib

import numpy as np

import png
from images import COLOURS, Picture, jpeg, save, scene

SOS, SOF0 = b"\xff\xda", b"\xff\xc0"


def broken() -> list[Picture]:
    return [*_truncated(), *_not_a_picture(), *_bombs(), *_corrupt(), *_unread_formats()]


def _truncated():
    image = scene("broken", 120, 80, COLOURS["red"])
    files = {
        "jpg": jpeg(image),
        "png": save(image, "PNG"),
        "gif": save(image.quantize(64), "GIF"),
        "bmp": save(image, "BMP"),
        "webp": save(image, "WEBP", quality=85),
        "tif": save(image, "TIFF"),
    }
    for kind, data in files.items():
        yield Picture(f"truncated.{kind}", 422, "a good file cut off at 40 %", data[: len(data) * 2 // 5])
    yield Picture("header-only.jpg", 422, "all its tables and its size, but no scan", files["jpg"][: files["jpg"].index(SOS)])
    yield Picture("header-only.png", 422, "the IHDR chunk and nothing after it", png.header(120, 80))
    yield Picture("signature-only.png", 422, "the eight first bytes of a PNG", png.SIGNATURE)


def _not_a_picture():
    yield Picture("empty.jpg", 422, "0 bytes", b"")
    yield Picture("text.jpg", 415, "a text file", b"This is not a picture.\nIt only says so by its name.\n")
    yield Picture("html.png", 415, "an error page saved under the name of a picture", b"<!DOCTYPE html>\n<title>404</title>\n<h1>Not found</h1>\n")


def _bombs():
    few = png.chunk(b"IDAT", zlib.compress(bytes(10_000), 9))
    yield Picture("bomb.png", 413, "its header, with a right CRC, says 30000×30000", png.header(30_000, 30_000) + few + png.chunk(b"IEND", b""))
    data = jpeg(scene("bomb", 32, 32, COLOURS["red"]))
    at = data.index(SOF0) + 5
    yield Picture("bomb.jpg", 413, "its SOF segment says 30000×30000", data[:at] + struct.pack(">HH", 30_000, 30_000) + data[at + 4 :])


def _corrupt():
    image = scene("broken", 120, 80, COLOURS["red"])
    data = save(image, "PNG")
    crc = data.index(b"IEND") - 5  # the last byte of the last IDAT's CRC
    yield Picture("bad-crc.png", 422, "one bit of the pixel data's CRC is wrong", data[:crc] + bytes([data[crc] ^ 1]) + data[crc + 1 :])
    none = png.chunk(b"IDAT", zlib.compress(b"")) + png.chunk(b"IEND", b"")
    yield Picture("zero-size.png", 422, "its header says 0×0", png.header(0, 0) + none)
    garbage = np.random.default_rng(7).integers(0, 255, 2000, np.uint8).tobytes()  # never 0xFF: no marker by chance
    start = jpeg(image)
    yield Picture("garbage-after-header.jpg", 422, "tables and size as they should be, then noise", start[: start.index(SOS)] + garbage)


def _unread_formats():
    yield Picture("jpegxl.jxl", 415, "the first box of a JPEG XL file", struct.pack(">I", 12) + b"JXL \r\n\x87\n")
