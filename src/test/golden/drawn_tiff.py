"""TIFF files of every kind: byte orders, depths, compressions, strips, tiles, planes, orientations, pages, and each defect."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

from drawn_png import GREY, GREY_ALPHA, RGB, RGBA, packed, samples

WIDTH, HEIGHT = 37, 23
SHORT, LONG = 3, 4
WHITE_IS_ZERO, BLACK_IS_ZERO, IS_RGB, IS_PALETTE, IS_CMYK = 0, 1, 2, 3, 5


def packbits(data: bytes) -> bytes:
    out, at = b"", 0
    while at < len(data):
        end = at + 1
        while end < len(data) and data[end] == data[at] and end - at < 128:
            end += 1
        if end - at > 1:
            out += bytes([257 - (end - at), data[at]])
        else:
            end = min(len(data), at + 5)
            out += bytes([end - at - 1]) + data[at:end]
        at = end
    return out


def lzw(data: bytes) -> bytes:
    """Codes of 9 bits with the table cleared before it needs more: valid, if not small."""
    bits = "100000000" + "".join(("100000000" if at and at % 250 == 0 else "") + f"{value:09b}" for at, value in enumerate(data)) + "100000001"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


COMPRESS = {1: bytes, 5: lzw, 8: zlib.compress, 32946: zlib.compress, 32773: packbits}


class Tiff:
    """One directory. Fields given to `file` replace what is right, or leave it out where they are None."""

    def __init__(self, values: np.ndarray, depth=8, photometric=None, order="<", compression=1, rows=0, tile=0, planar=False, predictor=1):
        self.order, self.depth, self.values = order, depth, values
        height, width, channels = values.shape
        parts = [values[..., c : c + 1] for c in range(channels)] if planar else [values]
        if tile:
            blocks = [self._tile(part, y, x, tile) for part in parts for y in range(0, height, tile) for x in range(0, width, tile)]
        else:
            blocks = [part[y : y + (rows or height)] for part in parts for y in range(0, height, rows or height)]
        self.blocks = [COMPRESS[compression](self._bytes(block, predictor)) for block in blocks]
        kinds = {1: BLACK_IS_ZERO, 2: BLACK_IS_ZERO, 3: IS_RGB, 4: IS_RGB}
        self.fields = {256: (SHORT, [width]), 257: (SHORT, [height]), 258: (SHORT, [depth] * channels), 259: (SHORT, [compression])}
        self.fields[262] = (SHORT, [kinds[channels] if photometric is None else photometric])
        self.fields[277] = (SHORT, [channels])
        if tile:
            self.fields |= {322: (SHORT, [tile]), 323: (SHORT, [tile]), 325: (LONG, [len(block) for block in self.blocks])}
        else:
            self.fields |= {278: (SHORT, [rows or height]), 279: (LONG, [len(block) for block in self.blocks])}
        if planar:
            self.fields[284] = (SHORT, [2])
        if predictor > 1:
            self.fields[317] = (SHORT, [predictor])
        if channels in (2, 4) and photometric is None:
            self.fields[338] = (SHORT, [2])

    def _tile(self, part: np.ndarray, y: int, x: int, side: int) -> np.ndarray:
        block = np.zeros((side, side, part.shape[2]), part.dtype)
        piece = part[y : y + side, x : x + side]
        block[: piece.shape[0], : piece.shape[1]] = piece
        return block

    def _bytes(self, block: np.ndarray, predictor: int) -> bytes:
        if predictor == 2:
            block = np.concatenate([block[:, :1], np.diff(block.astype(np.int64), axis=1)], 1).astype(np.uint16) & (2**self.depth - 1)
        if self.depth == 16:
            return block.astype(f"{self.order}u2").tobytes()
        return packed(block.astype(np.uint16), self.depth).tobytes()

    def at(self, start: int, more: dict, following: int = 0) -> bytes:
        """The bytes from `start` in the file on: blocks, long values, and last the directory; `self.directory` is where that lies."""
        out, offsets = b"", []
        for block in self.blocks:
            offsets.append(start + len(out))
            out += block + bytes(len(block) % 2)
        fields = self.fields | {324 if 322 in self.fields else 273: (LONG, offsets)} | more
        entries = b""
        for tag, field in sorted((tag, field) for tag, field in fields.items() if field):
            kind, values = field
            data = values if isinstance(values, bytes) else struct.pack(f"{self.order}{len(values)}{'HI'[kind == LONG]}", *values)
            count = len(values)
            if len(data) > 4:
                where = start + len(out)
                out += data + bytes(len(data) % 2)
                data = struct.pack(f"{self.order}I", where)
            entries += struct.pack(f"{self.order}HHI", tag, kind, count) + data.ljust(4, b"\0")
        self.directory = start + len(out)
        following = self.directory if following == -1 else following
        return out + struct.pack(f"{self.order}H", len(entries) // 12) + entries + struct.pack(f"{self.order}I", following)

    def file(self, more: dict | None = None, following: int = 0) -> bytes:
        body = self.at(8, more or {}, following)
        mark = b"II*\0" if self.order == "<" else b"MM\0*"
        return mark + struct.pack(f"{self.order}I", self.directory) + body


def scene(colour=RGB, depth=8) -> np.ndarray:
    return samples(WIDTH, HEIGHT, colour, depth)


def colour_map(depth: int) -> list:
    return [(7919 * i + 20011 * c) % 65536 for c in range(3) for i in range(2**depth)]


def kinds() -> dict[str, bytes]:
    files = {}
    for order, name in (("<", "little-endian"), (">", "big-endian")):
        for colour, kind in ((GREY, "grey"), (RGB, "rgb"), (RGBA, "rgba"), (GREY_ALPHA, "grey-alpha")):
            files[f"{kind}-8-bit-{name}"] = Tiff(scene(colour), order=order).file()
        for colour, kind in ((GREY, "grey"), (RGB, "rgb"), (RGBA, "rgba")):
            files[f"{kind}-16-bit-{name}"] = Tiff(scene(colour, 16), 16, order=order).file()
    for depth in (1, 2, 4, 8):
        files[f"grey-{depth}-bit-black-is-zero"] = Tiff(scene(GREY, depth), depth).file()
        files[f"grey-{depth}-bit-white-is-zero"] = Tiff(scene(GREY, depth), depth, WHITE_IS_ZERO).file()
    for depth in (1, 2, 4, 8):
        files[f"palette-{depth}-bit"] = Tiff(scene(GREY, depth), depth, IS_PALETTE).file({320: (SHORT, colour_map(depth))})
    for compression, name in ((5, "lzw"), (8, "deflate"), (32946, "old-deflate"), (32773, "packbits")):
        files[f"{name}-rgb"] = Tiff(scene(), compression=compression).file()
        files[f"{name}-strips-of-5-rows"] = Tiff(scene(), compression=compression, rows=5).file()
        files[f"{name}-tiles"] = Tiff(scene(), compression=compression, tile=16).file()
        files[f"{name}-planes"] = Tiff(scene(), compression=compression, planar=True).file()
    for compression, name in ((5, "lzw"), (8, "deflate")):
        files[f"{name}-predictor-rgb"] = Tiff(scene(), compression=compression, predictor=2).file()
        files[f"{name}-predictor-grey-16-bit"] = Tiff(scene(GREY, 16), 16, compression=compression, predictor=2).file()
    files |= {
        "strips-of-1-row": Tiff(scene(), rows=1).file(),
        "strips-of-7-rows-planes": Tiff(scene(), rows=7, planar=True).file(),
        "tiles": Tiff(scene(), tile=16).file(),
        "tiles-planes": Tiff(scene(), tile=16, planar=True).file(),
        "tiles-larger-than-image": Tiff(scene(), tile=64).file(),
        "tiles-16-bit": Tiff(scene(RGB, 16), 16, tile=16).file(),
        "planes-16-bit": Tiff(scene(RGB, 16), 16, planar=True).file(),
        "cmyk": Tiff(scene(RGBA), photometric=IS_CMYK).file(),
        "rgb-extra-sample-unspecified": Tiff(scene(RGBA)).file({338: (SHORT, [0])}),
        "rgb-extra-sample-premultiplied": Tiff(np.minimum(scene(RGBA), scene(RGBA)[..., 3:])).file({338: (SHORT, [1])}),
        "without-strip-byte-counts": Tiff(scene()).file({279: None}),
        "without-rows-per-strip": Tiff(scene()).file({278: None}),
        "unknown-tag": Tiff(scene()).file({65000: (SHORT, [1, 2, 3])}),
        "next-directory-is-itself": Tiff(scene()).file(following=-1),
        "bytes-after-end": Tiff(scene()).file() + bytes(40),
        "two-pages": _pages(),
    }
    files |= {f"orientation-{turn}": Tiff(scene()).file({274: (SHORT, [turn])}) for turn in range(1, 9)}
    return files | _pillows()


def _pages() -> bytes:
    first = Tiff(scene())
    body = first.at(8, {})
    start = 8 + len(body)
    second = Tiff(scene(GREY))
    more = second.at(start, {})
    return b"II*\0" + struct.pack("<I", first.directory) + body[:-4] + struct.pack("<I", second.directory) + more


def _pillows() -> dict[str, bytes]:
    """Kinds that we leave to libtiff: most of them are not read, and must be refused as such."""
    rgb = Image.fromarray(scene().astype(np.uint8))
    files = {"jpeg-inside": (rgb, "jpeg"), "fax-group-4": (rgb.convert("1"), "group4"), "fax-group-3": (rgb.convert("1"), "group3"), "lzma": (rgb, "lzma")}
    files |= {"float": (rgb.convert("F"), "raw"), "grey-32-bit": (rgb.convert("I"), "raw")}
    files["ycbcr-jpeg-inside"] = (rgb.convert("YCbCr"), "jpeg")
    out = {}
    for name, (image, compression) in files.items():
        into = io.BytesIO()
        image.save(into, "TIFF", compression=compression)
        out[name] = into.getvalue()
    into = io.BytesIO()
    rgb.save(into, "TIFF", big_tiff=True)
    return out | {"bigtiff": into.getvalue(), "12-bit-grey": Tiff(scene(GREY, 12), 12).file()}


def broken() -> dict[str, bytes]:
    good = Tiff(scene()).file()
    return {
        "magic-number": good[:2] + b"\x2b\0" + b"\0\0\0\0" + good[8:],
        "directory-outside": good[:4] + b"\xff\xff\xff\x7f" + good[8:],
        "directory-cut": good[:-30],
        "width-missing": Tiff(scene()).file({256: None}),
        "width-zero": Tiff(scene()).file({256: (SHORT, [0])}),
        "strip-offsets-missing": Tiff(scene()).file({273: None}),
        "strip-outside": Tiff(scene()).file({273: (LONG, [2**31])}),
        "strip-too-short": Tiff(scene()).file({279: (LONG, [100])}),
        "compression-99": Tiff(scene()).file({259: (SHORT, [99])}),
        "photometric-77": Tiff(scene()).file({262: (SHORT, [77])}),
        "deflate-noise": Tiff(scene()).file({259: (SHORT, [8])}),
        "lzw-noise": Tiff(scene()).file({259: (SHORT, [5])}),
        "too-large": Tiff(scene()).file({256: (LONG, [100_000]), 257: (LONG, [100_000])}),
        "samples-per-pixel-9": Tiff(scene()).file({277: (SHORT, [9])}),
        "cut-in-header": good[:6],
    }


def drawn_tiff() -> dict[str, bytes]:
    return {f"tiff/{name}.tif": data for name, data in kinds().items()} | {f"tiff/broken-{name}.tif": data for name, data in broken().items()}
