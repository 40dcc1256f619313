"""Bad pictures, made of a good JPEG, and how the service has to refuse each; and a good PNG."""

import struct
import zlib

from client import Picture


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: int) -> bytes:
    """A grey ramp, of which only so many rows are there."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    row = b"\0" + bytes(x % 256 for x in range(width))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(row * rows)) + chunk(b"IEND", b"")


def refused(name: str, body: bytes, status: int, content_type: str = "image/jpeg") -> Picture:
    return Picture(name, body, content_type, frozenset({status}))


def bad_pictures(jpeg: bytes) -> list[Picture]:
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.jpg"\r\n\r\n' + jpeg[:500]
    return [
        refused("a JPEG cut in the middle", jpeg[: len(jpeg) // 2], 422),
        refused("a JPEG's first 100 bytes", jpeg[:100], 422),
        refused("nothing", b"", 422),
        refused("text", b"This is not a picture. " * 100, 415),
        refused("a PNG with a third of its rows", png(300, 300, 100), 422),
        refused("a PNG of 30000×30000", png(30000, 30000, 1), 413),
        refused("a form that ends in the middle", form, 400, "multipart/form-data; boundary=b"),
        refused("a body of a wrong kind", b"a=b", 415, "application/x-www-form-urlencoded"),
    ]


def mixed(good: list[Picture], bad: list[Picture]) -> list[Picture]:
    """Four good ones for each bad one; every fourth good one is a PNG."""
    good = [*(good * 3)[:3], Picture("a PNG", png(300, 300, 300), "image/png")]
    return [picture for one in bad for picture in (*good, one)]
