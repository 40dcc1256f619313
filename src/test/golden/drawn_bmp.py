"""BMP files of every kind: depths, masks, run lengths, headers from OS/2 to version 5, odd fields, and each defect."""

import struct

import numpy as np

from drawn_png import GREY, RGB, packed, samples

WIDTH, HEIGHT = 29, 17  # no row ends on a multiple of four bytes
FIVES, SIXES, NONE = (0x7C00, 0x3E0, 0x1F), (0xF800, 0x7E0, 0x1F), ()


def palette(entries: int, size: int = 4) -> bytes:
    return b"".join(bytes([(29 * i + 90) % 256, (53 * i) % 256, (91 * i + 20) % 256, 0])[:size] for i in range(entries))


def rows(depth: int) -> bytes:
    """From the lowest row up, each filled to four bytes."""
    if depth == 16:
        body = samples(WIDTH, HEIGHT, GREY, 16).reshape(HEIGHT, WIDTH).astype("<u2")
        body = np.frombuffer(body.tobytes(), np.uint8).reshape(HEIGHT, -1)
    elif depth in (24, 32):
        values = samples(WIDTH, HEIGHT, RGB, 8)
        values = np.concatenate([values, values[..., :1] // 2 + 60], -1) if depth == 32 else values
        body = values.reshape(HEIGHT, -1).astype(np.uint8)
    else:
        body = packed(samples(WIDTH, HEIGHT, GREY, depth), depth)
    fill = np.zeros((HEIGHT, -body.shape[1] % 4), np.uint8)
    return np.hstack([body, fill])[::-1].tobytes()


def bmp(depth=24, body=None, entries=None, compression=0, masks=NONE, header=40, **fields) -> bytes:
    """`fields` are written over what is right: width, height, planes, used, offset, size, image_size, across, header_size."""
    entries = entries if entries is not None else 2**depth if depth <= 8 else 0
    body = rows(depth) if body is None else body
    colours = palette(entries, 3 if header == 12 else 4)
    outer = struct.pack(f"<{len(masks)}I", *masks) if header == 40 else b""
    offset = fields.get("offset", 14 + header + len(outer) + len(colours))
    size = fields.get("size", offset + len(body))
    width, height, planes = fields.get("width", WIDTH), fields.get("height", HEIGHT), fields.get("planes", 1)
    named = fields.get("header_size", header)
    if header == 12:
        info = struct.pack("<IHHHH", named, width, height, planes, depth)
    else:
        used, across = fields.get("used", entries if entries != 2**depth else 0), fields.get("across", 2835)
        info = struct.pack("<IiiHHIIiiII", named, width, height, planes, depth, compression, fields.get("image_size", len(body)), across, 2835, used, 0)
        inner = struct.pack(f"<{len(masks)}I", *masks) if header > 40 else b""
        info += (inner + bytes(16 - len(inner)) + b"BGRs" + bytes(100))[: header - 40]
    return b"BM" + struct.pack("<IHHI", size, 0, 0, offset) + info + outer + colours + body


def run_lengths(depth: int, absolute: bool = False, delta: bool = False) -> bytes:
    """Each row as runs, or as literal pieces; with `delta` the rows from the fifth to the seventh are jumped over."""
    out = b""
    values = samples(WIDTH, HEIGHT, GREY, depth).reshape(HEIGHT, WIDTH)[::-1]
    for number, row in enumerate(values.tolist()):
        if delta and number in (4, 5, 6):
            out += b"\0\2\0\3" if number == 4 else b""
            continue
        if absolute:
            out += bytes([0, len(row)]) + _literal(row, depth)
        else:
            at = 0
            while at < len(row):
                end = at
                while end < len(row) and row[end] == row[at]:
                    end += 1
                out += bytes([end - at, row[at] * 17 if depth == 4 else row[at]])
                at = end
        out += b"\0\0"
    return out[:-2] + b"\0\1"


def _literal(row: list, depth: int) -> bytes:
    if depth == 4:
        row = [*row, *[0] * (len(row) % 2)]
        row = [high << 4 | low for high, low in zip(row[::2], row[1::2])]
    return bytes(row) + bytes(len(row) % 2)


def kinds() -> dict[str, bytes]:
    files = {f"{depth}-bit": bmp(depth) for depth in (1, 4, 8, 16, 24, 32)}
    files |= {f"{depth}-bit-top-down": bmp(depth, height=-HEIGHT) for depth in (1, 4, 8, 16, 24, 32)}
    files |= {f"{depth}-bit-os2": bmp(depth, header=12) for depth in (1, 4, 8, 24)}
    files |= {f"8-bit-version-{n}": bmp(8, header=size) for n, size in ((4, 108), (5, 124))}
    files |= {f"24-bit-version-{n}": bmp(24, header=size) for n, size in ((4, 108), (5, 124))}
    files |= {f"8-bit-{used}-colours": bmp(8, entries=used) for used in (100, 200, 255)}
    files |= {
        "16-bit-555-masks": bmp(16, compression=3, masks=FIVES),
        "16-bit-565-masks": bmp(16, compression=3, masks=SIXES),
        "32-bit-masks": bmp(32, compression=3, masks=(0xFF0000, 0xFF00, 0xFF)),
        "32-bit-masks-red-lowest": bmp(32, compression=3, masks=(0xFF, 0xFF00, 0xFF0000)),
        "32-bit-alpha-version-4": bmp(32, compression=3, masks=(0xFF0000, 0xFF00, 0xFF, 0xFF000000), header=108),
        "32-bit-alpha-version-5": bmp(32, compression=3, masks=(0xFF0000, 0xFF00, 0xFF, 0xFF000000), header=124),
        "24-bit-with-palette": bmp(24, entries=16),
        "8-bit-run-length": bmp(8, run_lengths(8), compression=1),
        "8-bit-run-length-literal": bmp(8, run_lengths(8, absolute=True), compression=1),
        "8-bit-run-length-delta": bmp(8, run_lengths(8, delta=True), compression=1),
        "wrong-file-size": bmp(8, size=99),
        "image-size-zero": bmp(24, image_size=0),
        "resolution-negative": bmp(24, across=-5),
        "gap-before-pixels": bmp(24, bytes(30) + rows(24), offset=54 + 30),
        "bytes-after-end": bmp(24) + bytes(33),
    }
    return files


def broken() -> dict[str, bytes]:
    good = bmp()
    return {
        "bit-count-3": bmp(3, rows(4), entries=8),
        "bit-count-64": bmp(64, rows(32)),
        "header-size-3": bmp(header_size=3),
        "header-size-66": bmp(header_size=66),
        "compression-9": bmp(compression=9),
        "compression-jpeg": bmp(compression=4),
        "width-zero": bmp(width=0),
        "width-negative": bmp(width=-WIDTH),
        "too-large": bmp(width=100_000, height=100_000),
        "cut-in-header": good[:30],
        "cut-in-palette": bmp(8)[:200],
        "cut-in-pixels": good[: len(good) // 2],
        "masks-overlap": bmp(32, compression=3, masks=(0xFFFF00, 0xFFFF, 0xFF)),
        "first-letters": b"MB" + good[2:],
    }


def drawn_bmp() -> dict[str, bytes]:
    return {f"bmp/{name}.bmp": data for name, data in kinds().items()} | {f"bmp/broken-{name}.bmp": data for name, data in broken().items()}
