"""Generates images that contain no flower, so that the network learns to be unsure about them.

Every maker takes (size, rng, photos) and returns uint8 [size, size, 3]. Makers in TRAINED are used
in training, those in UNSEEN only in the evaluation, to see whether the lesson carries over.
"""

import numpy as np
from PIL import Image, ImageDraw

from data import random_crop


def _stretch(values):
    """Any float array -> uint8 over the full range."""
    low, high = values.min(), values.max()
    return ((values - low) / max(high - low, 1e-9) * 255).astype(np.uint8)


def _colour(rng):
    return tuple(int(v) for v in rng.integers(0, 256, 3))


def _two_colours(mask, rng):
    """A float mask [S, S] from 0 to 1 -> a blend of two random colours."""
    a, b = np.array(_colour(rng)), np.array(_colour(rng))
    return (mask[..., None] * a + (1 - mask[..., None]) * b).astype(np.uint8)


def noise(size, rng, photos):
    """Random pixels, from fine grain to a few soft blobs."""
    cells = int(2 ** rng.uniform(1, np.log2(size)))
    small = rng.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
    if rng.random() < 0.2:
        small[:] = small[..., :1]  # grey
    method = Image.NEAREST if rng.random() < 0.5 else Image.BICUBIC
    return np.asarray(Image.fromarray(small).resize((size, size), method))


def clouds(size, rng, photos):
    """Noise with the spectrum 1/f^a of natural images, in random or related colours."""
    f = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :])
    f[0, 0] = 1 / size
    white = np.fft.rfft2(rng.standard_normal((3, size, size)))
    layers = np.fft.irfft2(white / f ** rng.uniform(0.5, 2.0), (size, size))
    layers /= layers.std((1, 2), keepdims=True)
    mixed = np.einsum("ij,jhw->hwi", rng.standard_normal((3, 3)), layers)
    return np.clip(rng.uniform(60, 200, 3) + rng.uniform(15, 50) * mixed, 0, 255).astype(np.uint8)


def gradient(size, rng, photos):
    """A linear or round change from one colour to another; sometimes a single colour."""
    y, x = np.mgrid[0:size, 0:size] / size - rng.random((2, 1, 1))
    angle = rng.uniform(0, 2 * np.pi)
    ramp = np.hypot(x, y) if rng.random() < 0.4 else x * np.cos(angle) + y * np.sin(angle)
    return _two_colours(np.clip(ramp * rng.choice([0, 1, 2]) + 0.5, 0, 1), rng)


def stripes(size, rng, photos):
    """Stripes, checkerboards or rings."""
    y, x = np.mgrid[0:size, 0:size] - rng.integers(0, size, (2, 1, 1))
    angle, period = rng.uniform(0, np.pi), rng.uniform(6, size / 2)
    u = (x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period
    v = (y * np.cos(angle) - x * np.sin(angle)) * 2 * np.pi / period
    kind = rng.integers(3)
    wave = (np.sin(u), np.sin(u) * np.sin(v), np.sin(np.hypot(u, v)))[kind]
    return _two_colours((wave > 0) if rng.random() < 0.6 else wave / 2 + 0.5, rng)


def shapes(size, rng, photos):
    """Ellipses, boxes, polygons and lines on top of one another ("dead leaves")."""
    ground = Image.fromarray(clouds(size, rng, photos) if rng.random() < 0.5 else gradient(size, rng, photos))
    draw = ImageDraw.Draw(ground)
    for _ in range(int(2 ** rng.uniform(1, 7))):
        x, y = rng.uniform(-0.1, 1.1, 2) * size
        w, h = size * 0.5 * rng.random(2) ** 2 + 2
        box, colour = (x - w, y - h, x + w, y + h), _colour(rng)
        kind = rng.integers(4)
        if kind == 0:
            draw.ellipse(box, fill=colour)
        elif kind == 1:
            draw.rectangle(box, fill=colour)
        elif kind == 2:
            corners = rng.uniform(-1, 1, (int(rng.integers(3, 8)), 2)) * (w, h) + (x, y)
            draw.polygon([tuple(corner) for corner in corners], fill=colour)
        else:
            draw.line(box, fill=colour, width=int(rng.integers(1, 6)))
    return np.asarray(ground)


def text(size, rng, photos):
    """Lines of letters on a plain ground."""
    page = Image.new("RGB", (size, size), _colour(rng))
    draw, colour = ImageDraw.Draw(page), _colour(rng)
    step = int(rng.integers(10, 24))
    for y in range(int(rng.integers(0, step)), size, step):
        letters = "".join(chr(c) for c in rng.integers(33, 126, int(rng.integers(3, 40))))
        draw.text((int(rng.integers(0, 12)), y), letters.replace("m", " "), fill=colour, font_size=step * 0.8)
    return np.asarray(page)


def shuffled(size, rng, photos):
    """One photo, cut into small squares that are put back in random order."""
    pixels = random_crop(photos[rng.integers(len(photos))], size, rng)
    return _shuffle([pixels], size, rng)


def collage(size, rng, photos):
    """Small squares out of four photos, in random order."""
    picked = [random_crop(photos[i], size, rng) for i in rng.integers(0, len(photos), 4)]
    return _shuffle(picked, size, rng)


def _shuffle(images, size, rng):
    side = size // int(rng.choice([6, 8, 12, 16]))
    count = -(-size // side)  # rounded up; the last row and column are cut off
    result = np.empty((count * side, count * side, 3), np.uint8)
    for y in range(count):
        for x in range(count):
            top, left = rng.integers(0, size - side + 1, 2)
            source = images[rng.integers(len(images))]
            result[y * side : (y + 1) * side, x * side : (x + 1) * side] = source[
                top : top + side, left : left + side
            ]
    return result[:size, :size]


def fractal(size, rng, photos):
    """A Julia set in random colours."""
    y, x = np.mgrid[-1.4 : 1.4 : size * 1j, -1.4 : 1.4 : size * 1j]
    z, angle = x + 1j * y, rng.uniform(0, 2 * np.pi)
    c, steps = 0.7885 * np.exp(1j * angle), np.zeros((size, size))
    for _ in range(40):
        inside = np.abs(z) < 4
        z[inside] = z[inside] ** 2 + c
        steps += inside
    return _two_colours(np.sqrt(steps / steps.max()), rng)


def plasma(size, rng, photos):
    """Sums of sine waves with a random phase and direction in each channel."""
    y, x = np.mgrid[0:size, 0:size] / size
    waves = 0
    for _ in range(4):
        a, b, phase = rng.uniform(-25, 25, 3), rng.uniform(-25, 25, 3), rng.uniform(0, 6.28, 3)
        waves = waves + np.sin(x[..., None] * a + y[..., None] * b + phase)
    return _stretch(waves)


TRAINED = (noise, clouds, gradient, stripes, shapes, shapes, text, shuffled, collage)
UNSEEN = (fractal, plasma)


def make_outliers(count, size, rng, photos, makers=TRAINED):
    """count images: uint8 [count, size, size, 3]."""
    return np.stack([makers[rng.integers(len(makers))](size, rng, photos) for _ in range(count)])
