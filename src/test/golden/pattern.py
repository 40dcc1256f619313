"""Images that the tests of resizing make themselves: PatternImage.java draws the same."""

import numpy as np


def pattern(width: int, height: int) -> np.ndarray:
    """Noise on the left; black and white blocks on the right, where the filters with negative lobes overshoot."""
    y, x, c = np.indices((height, width, 3)).astype(np.uint32)
    noise = mixed(x, y, c) >> np.uint32(24)
    blocks = (mixed(x // 5, y // 5, c) >> np.uint32(31)) * np.uint32(255)
    return np.where(x * 2 < width, noise, blocks).astype(np.uint8)


def mixed(x: np.ndarray, y: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Mixes three numbers, in 32 bits without a sign."""
    h = x * np.uint32(374761393) + y * np.uint32(668265263) + c * np.uint32(2147483647)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(1274126177)
    return h ^ (h >> np.uint32(16))
