"""Bad images, made from a good JPEG, each with the status that the service must reject it with; and a good PNG."""

import struct
import zlib

from client import ImageFile


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: int) -> bytes:
    """A PNG of a grey ramp that has only the first `rows` rows."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    row = b"\0" + bytes(x % 256 for x in range(width))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(row * rows)) + chunk(b"IEND", b"")


def rejected(name: str, body: bytes, status: int, content_type: str = "image/jpeg") -> ImageFile:
    return ImageFile(name, body, content_type, frozenset({status}))


def bad_images(jpeg: bytes) -> list[ImageFile]:
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.jpg"\r\n\r\n' + jpeg[:500]
    return [
        rejected("a JPEG cut in the middle", jpeg[: len(jpeg) // 2], 422),
        rejected("a JPEG's first 100 bytes", jpeg[:100], 422),
        rejected("nothing", b"", 422),
        rejected("text", b"This is not an image. " * 100, 415),
        rejected("a PNG with a third of its rows", png(300, 300, 100), 422),
        rejected("a PNG of 30000×30000", png(30000, 30000, 1), 413),
        rejected("a form that ends in the middle", form, 400, "multipart/form-data; boundary=b"),
        rejected("a body of a wrong kind", b"a=b", 415, "application/x-www-form-urlencoded"),
    ]


def mixed(good: list[ImageFile], bad: list[ImageFile]) -> list[ImageFile]:
    """Returns four good images for each bad one; every fourth good one is a PNG."""
    good = [*(good * 3)[:3], ImageFile("a PNG", png(300, 300, 300), "image/png")]
    return [image for one in bad for image in (*good, one)]
