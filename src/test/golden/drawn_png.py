"""PNG files of every kind: colour types, depths, interlacing, filters, sizes, palettes, transparency, ancillary chunks, and each defect."""

import struct
import zlib

import numpy as np

from png import ADAM7, SIGNATURE, chunk

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
NAMES = {GREY: "grey", RGB: "rgb", PALETTE: "palette", GREY_ALPHA: "grey-alpha", RGBA: "rgba"}
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}
END = chunk(b"IEND", b"")


def samples(width: int, height: int, colour: int, depth: int) -> np.ndarray:
    """[height, width, channels] of numbers below 2**depth: a wave a channel, so that neither rows nor columns repeat."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(0.19 * (c + 1) * x + 0.7 * c) + np.cos(0.23 * y + 0.11 * c * x) for c in range(CHANNELS[colour])]
    values = np.stack(waves, -1) / 4 + 0.5
    return np.clip(np.floor(values * 2**depth), 0, 2**depth - 1).astype(np.uint16)


def packed(values: np.ndarray, depth: int) -> np.ndarray:
    """Rows of samples as rows of bytes, the first sample in the highest bits."""
    rows = values.reshape(values.shape[0], -1)
    if depth == 16:
        return np.frombuffer(rows.astype(">u2").tobytes(), np.uint8).reshape(rows.shape[0], -1)
    if depth == 8:
        return rows.astype(np.uint8)
    bits = (rows[..., None] >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.reshape(rows.shape[0], -1).astype(np.uint8), axis=1)


def filtered(rows: np.ndarray, kind: int, step: int) -> bytes:
    """Each row after its filter's number; kind 9 takes another filter a row."""
    out, above = b"", np.zeros(rows.shape[1], np.int64)
    for number, row in enumerate(rows.astype(np.int64)):
        filter = number % 5 if kind == 9 else kind
        left = np.concatenate([np.zeros(step, np.int64), row[:-step]])[: len(row)]
        corner = np.concatenate([np.zeros(step, np.int64), above[:-step]])[: len(row)]
        guess = left + above - corner
        near = [np.abs(guess - value) for value in (left, above, corner)]
        paeth = np.where((near[0] <= near[1]) & (near[0] <= near[2]), left, np.where(near[1] <= near[2], above, corner))
        less = [np.zeros_like(row), left, above, (left + above) // 2, paeth][filter]
        out += bytes([filter]) + ((row - less) & 255).astype(np.uint8).tobytes()
        above = row
    return out


def raw(values: np.ndarray, colour: int, depth: int, interlaced: bool = False, filter: int = 9) -> bytes:
    step = max(1, CHANNELS[colour] * depth // 8)
    passes = [values[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [values]
    return b"".join(filtered(packed(part, depth), filter, step) for part in passes if part.size)


def header(width: int, height: int, colour: int, depth: int, interlaced: int = 0, compression: int = 0, filter: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, compression, filter, interlaced))


def palette(entries: int) -> bytes:
    return chunk(b"PLTE", bytes((37 * i * (c + 3) + 60 * c) % 256 for i in range(entries) for c in range(3)))


def split(data: bytes, size: int) -> bytes:
    return b"".join(chunk(b"IDAT", data[at : at + size]) for at in range(0, len(data), size))


def image(colour=RGB, depth=8, width=32, height=32, interlaced=False, filter=9, level=9, before=b"", between=b"", after=b"", pieces=0, entries=0) -> bytes:
    """`before` stands before the palette, `between` before the pixels, `after` behind them; `pieces` is the size of an IDAT chunk."""
    data = zlib.compress(raw(samples(width, height, colour, depth), colour, depth, interlaced, filter), level)
    start = SIGNATURE + header(width, height, colour, depth, int(interlaced)) + before
    entries = entries or (2**depth if colour == PALETTE else 0)
    return start + (palette(entries) if entries else b"") + between + split(data, pieces or len(data)) + after + END


def kinds() -> dict[str, bytes]:
    files = {}
    for colour, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                end = "-interlaced" if interlaced else ""
                files[f"{NAMES[colour]}-{depth}-bit{end}"] = image(colour, depth, interlaced=interlaced)
                if colour in (GREY, PALETTE):
                    files[f"{NAMES[colour]}-{depth}-bit-width-33{end}"] = image(colour, depth, 33, 9, interlaced)
    for side in (*range(1, 10), 31, 34, 37, 39):
        for interlaced in (False, True):
            files[f"size-{side}{'-interlaced' if interlaced else ''}"] = image(PALETTE, 4, side, side, interlaced)
    for filter in range(5):
        for colour in CHANNELS:
            files[f"filter-{filter}-{NAMES[colour]}"] = image(colour, filter=filter)
        files[f"filter-{filter}-rgb-16-bit"] = image(depth=16, filter=filter)
    for level in (0, 3, 6):
        files[f"compression-level-{level}"] = image(level=level)
    for size in (1, 2, 7, 100):
        files[f"idat-of-{size}-bytes"] = image(pieces=size)
    return files | _transparent() | _annotated()


def _transparent() -> dict[str, bytes]:
    def clear(*values):
        return chunk(b"tRNS", struct.pack(f">{len(values)}H", *values))

    files = {f"transparent-grey-{depth}-bit": image(GREY, depth, between=clear(int(samples(32, 32, GREY, depth)[5, 5, 0]))) for depth in (1, 2, 4, 8)}
    for depth in (8, 16):
        files[f"transparent-rgb-{depth}-bit"] = image(RGB, depth, between=clear(*(int(v) for v in samples(32, 32, RGB, depth)[9, 4])))
    for depth in (1, 2, 4, 8):
        alphas = chunk(b"tRNS", bytes(range(0, 256, 256 // 2**depth)))
        files[f"transparent-palette-{depth}-bit"] = image(PALETTE, depth, between=alphas)
    files["transparent-palette-first-entry-only"] = image(PALETTE, 8, between=chunk(b"tRNS", b"\0"))
    files["transparent-palette-interlaced"] = image(PALETTE, 4, interlaced=True, between=chunk(b"tRNS", bytes([0, 128])))
    return files


def _annotated() -> dict[str, bytes]:
    gamma = {f"gamma-{value}-{NAMES[c]}": image(c, before=chunk(b"gAMA", struct.pack(">I", value))) for value in (35000, 45455, 100000, 250000) for c in (GREY, RGB)}
    backgrounds = {
        "background-grey": image(GREY_ALPHA, between=chunk(b"bKGD", struct.pack(">H", 40))),
        "background-grey-16-bit": image(GREY_ALPHA, 16, between=chunk(b"bKGD", struct.pack(">H", 40000))),
        "background-rgb": image(RGBA, between=chunk(b"bKGD", struct.pack(">3H", 255, 200, 0))),
        "background-rgb-16-bit": image(RGBA, 16, between=chunk(b"bKGD", struct.pack(">3H", 65535, 500, 0))),
        "background-palette": image(PALETTE, between=chunk(b"bKGD", b"\7")),
    }
    exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    notes = {
        "chromaticities": chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
        "srgb": chunk(b"sRGB", b"\0"),
        "significant-bits": chunk(b"sBIT", b"\5\6\5"),
        "physical-size": chunk(b"pHYs", struct.pack(">IIB", 2835, 5670, 1)),
        "time": chunk(b"tIME", struct.pack(">H5B", 2000, 2, 29, 12, 34, 56)),
        "text": chunk(b"tEXt", b"Title\0Waves"),
        "compressed-text": chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"Waves" * 40)),
        "international-text": chunk(b"iTXt", "Title\0\0\0de\0Titel\0Wellen, größer".encode()),
        "suggested-palette": chunk(b"sPLT", b"six\0\x08" + bytes(range(6))),
        "unknown-ancillary-chunk": chunk(b"quUx", b"anything"),
        "exif-orientation-6": chunk(b"eXIf", exif),
    }
    files = gamma | backgrounds | {name: image(between=note) for name, note in notes.items()}
    files["time-after-pixels"] = image(after=notes["time"])
    files["text-after-pixels"] = image(after=notes["text"])
    files["rgb-with-palette"] = image(entries=20)
    files["rgba-with-palette"] = image(RGBA, entries=200)
    files["palette-with-histogram"] = image(PALETTE, 4, between=chunk(b"hIST", struct.pack(">16H", *range(16))))
    files["palette-index-out-of-range"] = image(PALETTE, 8, entries=200)
    files["empty-idat-first"] = image(between=chunk(b"IDAT", b""))
    files["empty-idat-last"] = image(after=chunk(b"IDAT", b""))
    files["bytes-after-end"] = image() + bytes(50)
    return files


def broken() -> dict[str, bytes]:
    good, pixels = image(), raw(samples(32, 32, RGB, 8), RGB, 8)
    body = good[8 + 25 :]

    def headed(**changes) -> bytes:
        fields = {"width": 32, "height": 32, "colour": RGB, "depth": 8} | changes
        return SIGNATURE + header(**fields) + body

    def holding(data: bytes) -> bytes:
        return SIGNATURE + header(32, 32, RGB, 8) + chunk(b"IDAT", data) + END

    def flipped(at: int) -> bytes:
        return good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :]

    squeezed = zlib.compress(pixels)
    files = {f"colour-type-{colour}": headed(colour=colour) for colour in (1, 5, 7, 9)}
    files |= {f"rgb-depth-{depth}": headed(depth=depth) for depth in (0, 1, 3, 4, 99)}
    files |= {f"palette-depth-{depth}": headed(colour=PALETTE, depth=depth) for depth in (3, 16)}
    files |= {f"first-byte-{byte:02x}": bytes([byte]) + good[1:] for byte in (0x00, 0x09)}
    files |= {
        "signature-line-ends-lost": good.replace(b"\r\n", b"\n", 1),
        "signature-without-high-bit": b"\x09" + good[1:],
        "header-checksum": flipped(8 + 8 + 13),
        "pixels-checksum": good[: -len(END) - 1] + bytes([good[-len(END) - 1] ^ 1]) + END,
        "width-zero": headed(width=0),
        "height-zero": headed(height=0),
        "width-over-31-bits": headed(width=2**31 + 32),
        "interlace-method-7": headed(interlaced=7),
        "header-missing": SIGNATURE + body,
        "pixels-missing": SIGNATURE + header(32, 32, RGB, 8) + END,
        "palette-missing": SIGNATURE + header(32, 32, PALETTE, 8) + split(zlib.compress(raw(samples(32, 32, PALETTE, 8), PALETTE, 8)), 9999) + END,
        "chunk-longer-than-file": good[:33] + struct.pack(">I", 1_000_000) + good[37:],
        "chunk-length-negative": good[:33] + b"\xff\xff\xff\xff" + good[37:],
        "cut-in-header": good[:20],
        "cut-before-pixels": good[:33],
        "cut-in-pixels": good[: len(good) // 2],
        "pixels-too-few": holding(zlib.compress(pixels[: len(pixels) // 2])),
        "pixels-none": holding(zlib.compress(b"")),
        "deflate-header": holding(b"\x11\x22" + squeezed[2:]),
        "deflate-cut": holding(squeezed[: len(squeezed) // 3]),
        "deflate-noise": holding(squeezed[:40] + bytes(range(200, 120, -1)) + squeezed[120:]),
        "filter-5": holding(zlib.compress(b"\x05" + pixels[1:])),
        "filter-200": holding(zlib.compress(pixels[:97] + b"\xc8" + pixels[98:])),
    }
    return files


def drawn_png() -> dict[str, bytes]:
    return {f"png/{name}.png": data for name, data in kinds().items()} | {f"png/broken-{name}.png": data for name, data in broken().items()}
