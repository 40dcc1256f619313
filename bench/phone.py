"""Makes JPEGs like a phone's: 12 megapixels, about 5 MB. Needs no library, and takes a second.

The coefficients are drawn at random, so that nothing has to be transformed: smooth brightness, and detail of low
frequencies. Some rows of blocks are encoded; the others repeat them, which restart markers allow.
"""

import random
import struct

WIDTH, HEIGHT = 4032, 3024
MCU = 16  # two by two blocks of brightness, and one of each colour
ROWS = 8  # as many as there are restart markers
BLOCKS = (0, 0, 0, 0, 1, 2)  # the component of each block of an MCU
COEFFICIENTS = 19  # of the higher frequencies, in each block; they make the size
SYMBOLS = [run << 4 | size for run in range(3) for size in range(1, 5)]  # of AC coefficients
END = len(SYMBOLS)  # the code for the end of a block comes after them


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def tables() -> bytes:
    """All codes have 4 bits: shorter ones for frequent symbols would only make the photo smaller."""
    dc = bytes([0x00, *(12 if length == 4 else 0 for length in range(1, 17)), *range(12)])
    ac = bytes([0x10, *(END + 1 if length == 4 else 0 for length in range(1, 17)), *SYMBOLS, 0])
    return segment(0xC4, dc) + segment(0xC4, ac)


def header(interval: int) -> bytes:
    quantization = bytes([0, *(2 + i // 2 for i in range(64))])
    components = b"".join(bytes([i + 1, 0x22 if i == 0 else 0x11, 0]) for i in range(3))
    frame = struct.pack(">BHHB", 8, HEIGHT, WIDTH, 3) + components
    scan = bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])
    restarts = segment(0xDD, struct.pack(">H", interval))
    return b"\xff\xd8" + segment(0xDB, quantization) + segment(0xC0, frame) + tables() + restarts + segment(0xDA, scan)


class Bits:
    def __init__(self) -> None:
        self.value = 1  # a leading bit keeps the zeros that follow

    def put(self, value: int, count: int) -> None:
        self.value = self.value << count | value

    def number(self, value: int, size: int) -> None:
        """Appends a number as JPEG writes it: a negative one by its complement."""
        self.put(value if value > 0 else value + (1 << size) - 1, size)


def mcu(drawn: random.Random, last: list[int]) -> str:
    """Encodes one MCU; returns its bits as text."""
    bits = Bits()
    for component in BLOCKS:
        brightness = max(-400, min(400, last[component] + drawn.randint(-31, 31)))
        difference = brightness - last[component]
        last[component] = brightness
        size = abs(difference).bit_length()
        bits.put(size, 4)
        if size:
            bits.number(difference, size)
        for _ in range(COEFFICIENTS):
            run, size = drawn.randrange(3), drawn.randint(1, 4)
            bits.put(run * 4 + size - 1, 4)
            bits.number(drawn.choice((-1, 1)) * drawn.randrange(1 << (size - 1), 1 << size), size)
        bits.put(END, 4)
    return bin(bits.value)[3:]


def row(drawn: random.Random, mcus: int) -> bytes:
    last = [0, 0, 0]
    text = "".join(mcu(drawn, last) for _ in range(mcus))
    text += "1" * (-len(text) % 8)
    packed = int("1" + text, 2).to_bytes(len(text) // 8 + 1, "big")[1:]
    return packed.replace(b"\xff", b"\xff\x00")


def photo(seed: int = 0) -> bytes:
    """Returns the same photo for the same seed."""
    drawn = random.Random(seed)
    mcus = WIDTH // MCU
    rows = [row(drawn, mcus) for _ in range(ROWS)]
    scan = []
    for i in range(HEIGHT // MCU):
        scan.append(rows[i % ROWS])
        scan.append(bytes([0xFF, 0xD0 + i % 8]))
    return header(mcus) + b"".join(scan[:-1]) + b"\xff\xd9"
