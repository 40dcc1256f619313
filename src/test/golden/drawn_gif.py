"""GIF files of every kind: depths, palettes, interlacing, transparency, extents, extensions, animation, and each defect."""

import struct

from drawn_png import GREY, samples

WIDTH, HEIGHT = 27, 19
END = b";"


def palette(bits: int) -> bytes:
    return bytes((41 * i * (c + 2) + 70 * c) % 256 for i in range(2**bits) for c in range(3))


def screen(bits: int | None = 4, width=WIDTH, height=HEIGHT, background=0, version=b"89a") -> bytes:
    """With the global palette; None for none."""
    flags = 0x70 if bits is None else 0xF0 | bits - 1
    return b"GIF" + version + struct.pack("<HHBBB", width, height, flags, background, 0) + (b"" if bits is None else palette(bits))


def lzw(values: list, bits: int, full: str = "clear") -> bytes:
    """In blocks of up to 255 bytes. When the table is full it is cleared, or with `full` "kept" used on as it is."""
    clear, out, left, count = 1 << bits, bytearray(), 0, 0

    def put(code: int, size: int):
        nonlocal left, count
        left |= code << count
        count += size
        while count >= 8:
            out.append(left & 255)
            left, count = left >> 8, count - 8

    table, size = {(i,): i for i in range(clear)}, bits + 1
    following = clear + 2
    put(clear, size)
    word = ()
    for value in values:
        longer = (*word, value)
        if longer in table:
            word = longer
            continue
        put(table[word], size)
        word = (value,)
        if following < 4096:
            table[longer] = following
            following += 1
            size += following > 1 << size and size < 12
        elif full == "clear":
            put(clear, size)
            table, size, following = {(i,): i for i in range(clear)}, bits + 1, clear + 2
    put(table[word], size)
    put(clear + 1, size)
    put(0, 7)
    return bytes([bits]) + b"".join(bytes([len(out[at : at + 255])]) + out[at : at + 255] for at in range(0, len(out), 255)) + b"\0"


def frame(bits=4, left=0, top=0, width=WIDTH, height=HEIGHT, local=False, interlaced=False, data=None, full="clear", value_bits=None) -> bytes:
    rows = samples(width, height, GREY, value_bits or bits).reshape(height, width).tolist()
    if interlaced:
        rows = [rows[y] for start, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(start, height, step)]
    flags = (0x80 | bits - 1 if local else 0) | (0x40 if interlaced else 0)
    body = lzw([value for row in rows for value in row], max(2, bits), full) if data is None else data
    return b"," + struct.pack("<HHHHB", left, top, width, height, flags) + (palette(bits)[::-1] if local else b"") + body


def control(clear: int | None = None, dispose: int = 0, delay: int = 10) -> bytes:
    return b"!\xf9\x04" + struct.pack("<BHB", dispose << 2 | (clear is not None), delay, clear or 0) + b"\0"


COMMENT = b"!\xfe\x05Waves\x06 again\0"
LOOP = b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"


def kinds() -> dict[str, bytes]:
    files = {f"{2**bits}-colours": screen(bits) + frame(bits) + END for bits in range(1, 9)}
    files |= {f"{2**bits}-colours-interlaced": screen(bits) + frame(bits, interlaced=True) + END for bits in (1, 4, 8)}
    files |= {
        "version-87a": screen(version=b"87a") + frame() + END,
        "local-palette": screen() + frame(local=True) + END,
        "local-palette-only": screen(None) + frame(local=True) + END,
        "transparent": screen() + control(5) + frame() + END,
        "transparent-interlaced": screen() + control(5) + frame(interlaced=True) + END,
        "transparent-local-palette": screen() + control(9) + frame(local=True) + END,
        "background": screen(background=7) + frame() + END,
        "smaller-than-screen": screen(width=40, height=30) + frame(left=5, top=6) + END,
        "smaller-than-screen-transparent": screen(width=40, height=30) + control(5) + frame(left=5, top=6) + END,
        "comment": screen() + COMMENT + frame() + END,
        "comment-after-frame": screen() + frame() + COMMENT + END,
        "empty-comment": screen() + b"!\xfe\0" + frame() + END,
        "unknown-extension": screen() + b"!\x42\x03abc\0" + frame() + END,
        "plain-text-extension": screen() + b"!\x01\x0c" + bytes(12) + b"\x02ab\0" + frame() + END,
        "table-full-cleared": screen(8, 120, 100) + frame(8, width=120, height=100) + END,
        "table-full-kept": screen(8, 120, 100) + frame(8, width=120, height=100, full="kept") + END,
        "one-pixel": screen(1, 1, 1) + frame(1, width=1, height=1) + END,
        "bytes-after-end": screen() + frame() + END + bytes(20),
    }
    for dispose in range(4):
        frames = control(3, dispose) + frame() + control(5, dispose) + frame(left=3, top=2, width=15, height=12, local=True)
        files[f"animated-dispose-{dispose}"] = screen() + LOOP + frames + END
    files["animated-without-loop"] = screen() + control() + frame() + control() + frame(local=True) + END
    return files


def broken() -> dict[str, bytes]:
    good = screen() + frame() + END
    return {
        "width-zero": screen(width=0) + frame(width=1) + END,
        "frame-height-zero": screen() + b"," + struct.pack("<HHHHB", 0, 0, WIDTH, 0, 0) + b"\x04\0" + END,
        "no-frame": screen() + END,
        "version-99z": screen(version=b"99z") + frame() + END,
        "code-size-13": screen() + frame(data=b"\x0d" + lzw([1] * 300, 4)[1:]) + END,
        "data-empty": screen() + frame(data=b"\x04\0") + END,
        "data-cut": good[: len(good) * 2 // 3],
        "palette-cut": good[:30],
        "screen-cut": good[:9],
        "too-large": screen(width=60_000, height=60_000) + END,
    }


def drawn_gif() -> dict[str, bytes]:
    return {f"gif/{name}.gif": data for name, data in kinds().items()} | {f"gif/broken-{name}.gif": data for name, data in broken().items()}
