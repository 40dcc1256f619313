"""A small PNG writer for what Pillow does not write: Adam7, 16-bit colour, and headers that lie."""

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def header(width: int, height: int, depth: int = 8, colour: int = RGB, interlaced: bool = False) -> bytes:
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))


def encode(pixels: np.ndarray, colour: int, interlaced: bool = False) -> bytes:
    """pixels: [height, width, channels], uint8 or uint16."""
    height, width, _ = pixels.shape
    if interlaced:
        raw = b"".join(_rows(pixels[y::dy, x::dx]) for x, y, dx, dy in ADAM7)
    else:
        raw = _rows(pixels)
    start = header(width, height, pixels.dtype.itemsize * 8, colour, interlaced)
    return start + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def _rows(pixels: np.ndarray) -> bytes:
    """Each row with filter 2 (Up), so that a decoder has a filter to undo."""
    if pixels.size == 0:
        return b""
    wire = pixels.astype(pixels.dtype.newbyteorder(">"))
    rows = np.frombuffer(wire.tobytes(), np.uint8).reshape(pixels.shape[0], -1)
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    return b"".join(b"\x02" + row.tobytes() for row in rows - above)
