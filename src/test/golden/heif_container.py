"""Writes HEIC containers around images that heif-enc has coded, with the properties that it cannot write: turns, crops, grids, transparency."""

import struct
from typing import NamedTuple

ALPHA = b"urn:mpeg:hevc:2015:auxid:1\0"


class Coded(NamedTuple):
    """One coded image of a file: the type of its item, the box with the decoder's configuration, the sides and the data."""

    kind: bytes
    configuration: bytes
    colours: bytes
    width: int
    height: int
    data: bytes


class Item(NamedTuple):
    kind: bytes
    data: bytes
    properties: list[bytes] = []
    references: list[tuple[bytes, list[int]]] = []


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I", 8 + len(inside)) + kind + inside


def full(kind: bytes, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def boxes(data: bytes):
    while len(data) >= 8:
        length = struct.unpack(">I", data[:4])[0] or len(data)
        yield data[4:8], data[8:length]
        data = data[length:]


def coded(file: bytes) -> Coded:
    """Reads a file of heif-enc with one image: its first item."""
    meta = dict(boxes(dict(boxes(file))[b"meta"][4:]))
    properties = list(boxes(dict(boxes(meta[b"iprp"]))[b"ipco"]))
    first = dict(reversed(properties))
    kind, configuration = next((k, c) for k, c in properties if k in (b"hvcC", b"av1C"))
    colours = next((c for k, c in properties if k == b"colr" and c.startswith(b"nclx")), b"")
    width, height = struct.unpack(">II", first[b"ispe"][4:12])
    offset, length = _place(meta[b"iloc"])
    item = {b"hvcC": b"hvc1", b"av1C": b"av01"}[kind]
    return Coded(item, box(kind, configuration), box(b"colr", colours) if colours else b"", width, height, file[offset : offset + length])


def _place(iloc: bytes) -> tuple[int, int]:
    version, sizes = iloc[0], struct.unpack(">H", iloc[4:6])[0]
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    at = 8 + 2 + (2 if version else 0) + 2  # count, id, construction, data reference
    number = lambda size: int.from_bytes(iloc[at : at + size], "big")
    base = number(base_size)
    at += base_size + 2
    offset = number(offset_size)
    at += offset_size
    return base + offset, number(length_size)


def size(width: int, height: int) -> bytes:
    return full(b"ispe", struct.pack(">II", width, height))


def turn(quarters: int) -> bytes:
    return box(b"irot", bytes([quarters]))


def mirror(axis: int) -> bytes:
    return box(b"imir", bytes([axis]))


def crop(width: tuple, height: tuple, x: tuple, y: tuple) -> bytes:
    return box(b"clap", struct.pack(">8i", *width, *height, *x, *y))


def alpha_type() -> bytes:
    return full(b"auxC", ALPHA)


def image(part: Coded, *properties: bytes) -> Item:
    """An item that shows one coded image, with more properties."""
    own = [size(part.width, part.height), part.configuration, part.colours, *properties]
    return Item(part.kind, part.data, [p for p in own if p])


def grid(columns: int, rows: int, width: int, height: int) -> bytes:
    return bytes([0, 0, rows - 1, columns - 1]) + struct.pack(">HH", width, height)


def file(items: list[Item], brand: bytes = b"heic", primary: int = 1, in_idat: bool = False, extents: int = 1, wide: bool = False) -> bytes:
    """Writes a file; ids count from 1.

    in_idat: puts the data into the meta box; extents: into how many pieces each item's data is cut; wide: numbers of 8 bytes, ids of 4.
    """
    start = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    data = b"".join(item.data for item in items)
    properties: list[bytes] = []
    associations = []
    for number, item in enumerate(items, 1):
        indices = []
        for one in item.properties:
            if one not in properties:
                properties.append(one)
            indices.append(properties.index(one) + 1)
        associations.append(struct.pack(">IB" if wide else ">HB", number, len(indices)) + bytes(indices))
    ids = ">I" if wide else ">H"
    infos = [full(b"infe", struct.pack(ids + "H", n, 0), i.kind, b"\0", version=3 if wide else 2) for n, i in enumerate(items, 1)]
    references = b"".join(
        box(kind, struct.pack(ids, n), struct.pack(">H", len(to)), b"".join(struct.pack(ids, t) for t in to))
        for n, item in enumerate(items, 1)
        for kind, to in item.references
    )

    def meta(at: int) -> bytes:
        places = b""
        for number, item in enumerate(items, 1):
            places += struct.pack(ids, number) + (struct.pack(">H", 1 if in_idat else 0) if wide or in_idat else b"") + struct.pack(">HH", 0, extents)
            step = -(-len(item.data) // extents)
            for piece in range(extents):
                cut = item.data[piece * step : (piece + 1) * step]
                places += struct.pack(">QQ" if wide else ">II", at + piece * step, len(cut))
            at += len(item.data)
        version = 2 if wide else 1 if in_idat else 0
        iloc = full(b"iloc", b"\x88\0" if wide else b"\x44\0", struct.pack(ids, len(items)), places, version=version)
        return full(
            b"meta",
            full(b"hdlr", bytes(4), b"pict", bytes(13)),
            full(b"pitm", struct.pack(ids, primary), version=1 if wide else 0),
            full(b"iinf", struct.pack(ids, len(infos)), *infos, version=1 if wide else 0),
            full(b"iref", references, version=1 if wide else 0) if references else b"",
            box(b"iprp", box(b"ipco", *properties), full(b"ipma", struct.pack(">I", len(items)), *associations, version=1 if wide else 0)),
            iloc,
            box(b"idat", data) if in_idat else b"",
        )

    if in_idat:
        return start + meta(0)
    return start + meta(len(start) + len(meta(0)) + 8) + box(b"mdat", data)
